"""Does the site speak the languages it promises?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from nassij.common.conf import setting
from nassij.common.locale import default_language, spoken
from nassij.common.selfcheck import PLATFORM, Asked, Finding, check, failed, ok


@check("languages", title=gettext_lazy("The languages are released"), on=PLATFORM)
def languages(asked: Asked) -> Iterator[Finding]:
    """Ours can be chosen (DarkLangConfig, LANGUAGES), and the first of them is the site's own."""
    from openedx.core.djangoapps.lang_pref.api import released_languages

    released = [language.code for language in released_languages()]
    missing = [code for code in setting("NASSIJ_LANGUAGES") if code not in {spoken(found) for found in released}]
    if missing:
        yield failed(
            _("These languages cannot be chosen on this site: %(codes)s.") % {"codes": ", ".join(missing)},
            _(
                "In the Django admin of the LMS, under “Dark lang configs”, add one that is enabled and releases: %(codes)s."
            )
            % {"codes": ",".join(setting("NASSIJ_LANGUAGES"))},
            released=released,
        )
    else:
        yield ok(_("Released: %(codes)s.") % {"codes": ", ".join(released)}, released=released)
    own, wanted = settings.LANGUAGE_CODE, default_language()
    if spoken(own) == wanted:
        yield ok(_("The site's own language is %(code)s.") % {"code": own}, language_code=own)
    else:
        yield failed(
            _("The site's own language is %(own)s, but that of the suite is %(wanted)s.")
            % {"own": own, "wanted": wanted},
            _("Set LANGUAGE_CODE to %(wanted)s in LMS and Studio, or put %(own)s first in NASSIJ_LANGUAGES.")
            % {"own": own, "wanted": wanted},
            language_code=own,
        )


@check("catalogs", title=gettext_lazy("The texts are there in every language"))
def catalogs(asked: Asked) -> Iterator[Finding]:
    """Each app of ours has its compiled catalogs, and Django reads them."""
    ours = [config for config in apps.get_app_configs() if config.label.startswith("nassij_")]
    translated = [code for code in setting("NASSIJ_LANGUAGES") if code != "en"]
    wrong = [
        f"{config.label} ({language})" for config in ours for language in translated if not _speaks(config, language)
    ]
    if wrong:
        yield failed(
            _("Texts are missing: %(where)s.") % {"where": ", ".join(wrong)},
            _(
                "Install the wheel, which has them compiled, instead of the bare sources, and restart LMS, Studio and workers."
            ),
        )
    else:
        yield ok(
            _("%(apps)s apps in %(languages)s.") % {"apps": len(ours), "languages": ", ".join(["en", *translated])},
            apps=len(ours),
        )


def _speaks(config: AppConfig, language: str) -> bool:
    """Whether the catalog is compiled, and the app's own name comes out of it."""
    if not (Path(config.path) / "locale" / language / "LC_MESSAGES/django.mo").is_file():
        return False
    with override("en"):
        plain = str(config.verbose_name)
    with override(language):
        return str(config.verbose_name) != plain
