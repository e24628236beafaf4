"""Will the image that runs have our packages in it? A stock image has none of our blocks, and says nothing about it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from tutornassij.doctor.findings import Check, Finding, failed, not_here, ok
from tutornassij.doctor.site import Site
from tutornassij.i18n import _, gettext_noop
from tutornassij.wheels import BUILD_FOLDER, FOLDER, packaged, problems, root

MARK = "nassij"


def named(site: Site) -> Iterator[Finding]:
    """A tag of our own, and a build that `launch` does not leave out."""
    tag = str(site.config.get("DOCKER_IMAGE_OPENEDX", ""))
    if not tag:
        yield not_here("image.no_settings", _("Without settings there is no image to look at."))
        return
    if MARK not in tag:
        yield failed(
            "image.stock",
            _("The image is %(tag)s: the next pull would replace ours with the stock one.") % {"tag": tag},
            _("Take DOCKER_IMAGE_OPENEDX out of config.yml, or end it with -nassij; then: tutor config save"),
            tag=tag,
        )
    else:
        yield ok("image.tag", _("The image is called %(tag)s.") % {"tag": tag}, tag=tag)
    required = required_images()
    if "openedx" not in required:
        yield failed(
            "image.not_required",
            _("“tutor local launch” would not build the image, so the packages would be missing."),
            _("Is the plugin loaded (above)? Meanwhile: tutor images build openedx"),
            required=sorted(required),
        )


def required_images() -> set[str]:
    from tutor import hooks

    return set(hooks.Filters.IMAGES_BUILD_REQUIRED.apply([], "local"))


def wheels(site: Site) -> Iterator[Finding]:
    """What lies in the build context is what the plugin brought, byte for byte; nothing is left of an older version."""
    folder = site.env / BUILD_FOLDER
    wanted = {path.name: digest(path) for path in packaged()}
    if not wanted:
        yield failed(
            "wheels.none",
            _("The plugin was installed without the packages it should bring."),
            _("Install tutor-contrib-nassij again; in a checkout: make tutor-wheels"),
        )
        return
    for problem in problems(root() / FOLDER):
        yield failed(
            "wheels.source",
            _("The plugin was not installed as it was released: %(what)s.") % {"what": problem},
            _("Install tutor-contrib-nassij again; in a checkout: make tutor-wheels"),
        )
    found = {path.name: digest(path) for path in folder.glob("*.whl")} if folder.exists() else {}
    again = _("Run: tutor config save && tutor images build openedx && tutor local start -d")
    for name in sorted(wanted.keys() - found.keys()):
        yield failed(
            "wheels.missing", _("%(name)s is not where the image is built.") % {"name": name}, again, name=name
        )
    for name in sorted(found.keys() & wanted.keys()):
        if found[name] != wanted[name]:
            yield failed(
                "wheels.altered",
                _("%(name)s is not the file that the plugin brought.") % {"name": name},
                again,
                name=name,
                wanted=wanted[name],
                found=found[name],
            )
    for name in sorted(found.keys() - wanted.keys()):
        yield failed(
            "wheels.stale",
            _("%(name)s is left where the image is built, from another version.") % {"name": name},
            _("Run: tutor nassij clean (or this command with --fix)"),
            fix=_removal(folder / name),
            name=name,
        )
    if found == wanted:
        yield ok("wheels.same", _("The packages that the image is built from are those of the plugin."), sha256=wanted)


def built(site: Site) -> Iterator[Finding]:
    """The image is on this machine, and younger than what it should have in it."""
    tag = str(site.config.get("DOCKER_IMAGE_OPENEDX", ""))
    if not tag or site.mode != "local" or not site.docker.answers:
        yield not_here("image.no_engine", _("No Docker answers here: the image itself was not looked at."))
        return
    image = site.docker.image(tag)
    if image is None:
        yield failed(
            "image.not_built",
            _("There is no image %(tag)s on this machine.") % {"tag": tag},
            _("Run: tutor images build openedx (or load the bundle on a disconnected site)"),
            tag=tag,
        )
        return
    made = datetime.fromisoformat(str(image["Created"])[:19] + "+00:00")
    newest = max((path.stat().st_mtime for path in packaged()), default=0.0)
    if made.timestamp() < newest:
        yield failed(
            "image.old",
            _("The image was built on %(made)s, before these packages were installed.") % {"made": made.date()},
            _("Run: tutor images build openedx && tutor local start -d"),
            created=made.isoformat(),
        )
    else:
        yield ok("image.built", _("The image was built on %(made)s.") % {"made": made.date()}, created=made.isoformat())


def digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _removal(path: Path) -> Callable[[], str]:
    def remove() -> str:
        path.unlink()
        return _("%(path)s is removed.") % {"path": path}

    return remove


CHECKS = (
    Check("image", gettext_noop("The image has a name of its own and is built"), named),
    Check("wheels", gettext_noop("The packages in the image are those of the plugin"), wheels),
    Check("built", gettext_noop("The image is built"), built),
)
