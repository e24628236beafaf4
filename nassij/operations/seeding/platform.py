"""What the platform has to be told once: which languages people may choose, and that it remembers what they have finished."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import waffle
from django.utils.translation import gettext as _

COMPLETION = "completion.enable_completion_tracking"


def release(languages: Sequence[str]) -> str:
    """Let people choose these languages beside those released already; says what was done.

    Each change is a new row of `DarkLangConfig` (the platform keeps the old ones), so nothing is written when nothing is missing.
    """
    from openedx.core.djangoapps.dark_lang.models import DarkLangConfig

    current: Any = DarkLangConfig.current()
    released = list(current.released_languages_list) if current.enabled else []
    missing = [code for code in languages if code not in released]
    if not missing:
        return _("languages: released already")
    codes = [*languages, *(code for code in released if code not in languages)]
    DarkLangConfig.objects.create(
        enabled=True,
        released_languages=",".join(codes),
        enable_beta_languages=current.enable_beta_languages,
        beta_languages=current.beta_languages,
    )
    return _("languages: released %(codes)s") % {"codes": ", ".join(codes)}


def remember_completion() -> str:
    """Switch the platform's completion on where nobody has decided yet; an operator's "off" stays."""
    switch, made = waffle.get_waffle_switch_model()._default_manager.get_or_create(
        name=COMPLETION, defaults={"active": True}
    )
    if made:
        return _("completion: switched on")
    return _("completion: on already") if switch.active else _("completion: off, and left so")
