"""Is the suite installed completely, and are its tables there?"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import Distribution, EntryPoint, PackageNotFoundError, distribution

from django.apps import apps
from django.core.checks import Error
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from xblock.core import XBlock

from nassij import __version__
from nassij.common.checks import check_settings
from nassij.common.selfcheck import Asked, Finding, Service, check, failed, ok, samples

DISTRIBUTION = "openedx-nassij"


@check("entry_points", title=gettext_lazy("Every part of the suite is loaded"))
def entry_points(asked: Asked) -> Iterator[Finding]:
    """What the installed distribution announces is loaded, and what the code has is announced."""
    again = _("Install the wheel again in the image of LMS, Studio and workers, and restart them.")
    try:
        installed = distribution(DISTRIBUTION)
    except PackageNotFoundError:
        yield failed(_("The package %(name)s is not installed here.") % {"name": DISTRIBUTION}, again)
        return
    if installed.version != __version__:
        versions = {"installed": installed.version, "code": __version__}
        yield failed(_("Version %(installed)s is installed, but the code is %(code)s.") % versions, again)
    apps_found, blocks_found = _announced(installed, asked.service)
    wrong = {point.name: reason for point in apps_found if (reason := _app_not_loaded(point))}
    wrong |= {point.name: reason for point in blocks_found if (reason := _block_not_loaded(point))}
    unannounced = samples().keys() - {point.name for point in blocks_found}
    wrong |= {name: _("not announced to the platform") for name in unannounced}
    for name, reason in wrong.items():
        yield failed(_("%(name)s: %(reason)s.") % {"name": name, "reason": reason}, again)
    if not wrong:
        yield ok(
            _("Version %(version)s: %(apps)s apps and %(blocks)s blocks.")
            % {"version": __version__, "apps": len(apps_found), "blocks": len(blocks_found)},
            version=__version__,
            apps=sorted(point.name for point in apps_found),
            blocks=sorted(point.name for point in blocks_found),
        )


@check("migrations", title=gettext_lazy("The tables are up to date"))
def migrations(asked: Asked) -> Iterator[Finding]:
    """No migration of ours waits; nothing is written."""
    executor = MigrationExecutor(connection)
    ours = [node for node in executor.loader.graph.leaf_nodes() if node[0].startswith("nassij_")]
    plan = executor.migration_plan(ours)
    waiting = [f"{found.app_label}.{found.name}" for found, _backwards in plan if found.app_label.startswith("nassij_")]
    if waiting:
        yield failed(
            _("These migrations have not been applied: %(names)s.") % {"names": ", ".join(waiting)},
            _("Run: ./manage.py lms migrate && ./manage.py cms migrate"),
            waiting=waiting,
        )
    else:
        yield ok(_("All migrations are applied."), apps=len(ours))


@check("settings", title=gettext_lazy("The settings can be understood"))
def settings(asked: Asked) -> Iterator[Finding]:
    """The system checks of the suite."""
    wrong = [message for message in check_settings() if isinstance(message, Error)]
    for message in wrong:
        yield failed(
            f"{message.id}: {message.msg}", _("Correct it in the configuration of LMS and Studio, and restart them.")
        )
    if not wrong:
        yield ok(_("Nothing is malformed."))


def _announced(installed: Distribution, service: Service) -> tuple[list[EntryPoint], list[EntryPoint]]:
    """The entry points of the suite: its apps in this service, and its blocks."""
    group = "cms.djangoapp" if service is Service.CMS else "lms.djangoapp"
    points = installed.entry_points
    return list(points.select(group=group)), list(points.select(group="xblock.v1"))


def _app_not_loaded(point: EntryPoint) -> str:
    try:
        name = point.load().name
    except Exception as error:  # whatever importing it raises
        return f"{type(error).__name__}: {error}"
    return "" if apps.is_installed(name) else _("not an app of this service")


def _block_not_loaded(point: EntryPoint) -> str:
    try:
        loaded = XBlock.load_class(point.name)
        announced = point.load()
    except Exception as error:  # whatever importing it raises, two of the same name included
        return f"{type(error).__name__}: {error}"
    if getattr(loaded, "unmixed_class", loaded) is not announced:
        return _("another package has a block of this name")
    return "" if point.name in samples() else _("it has no sample for the self-check")
