"""The plugin's own texts, in the language of the operator's terminal (LANGUAGE, LC_ALL, LC_MESSAGES, LANG).

English, French and Arabic.

Modules mark texts with `_`, `ngettext`, and `gettext_noop` where the text is written before the language is known. `speak`
chooses another language, for a `--lang` option.
"""

from __future__ import annotations

import gettext
from pathlib import Path

LANGUAGES = ("ar", "fr", "en")
LOCALE = Path(__file__).parent / "locale"

_texts: gettext.NullTranslations = gettext.translation("messages", LOCALE, fallback=True)


def speak(language: str | None) -> None:
    """Texts from now on in `language`; None is the terminal's own."""
    global _texts
    languages = [language] if language else None
    _texts = gettext.translation("messages", LOCALE, languages=languages, fallback=True)


def current_language() -> str:
    """The language that texts are in now."""
    return _texts.info().get("language", "en")


def _(message: str) -> str:
    return _texts.gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    return _texts.ngettext(one, many, number)


def gettext_noop(message: str) -> str:
    """Mark a text that is translated later, where it is shown."""
    return message
