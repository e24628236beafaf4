"""Numbers, dates and money as Moroccans write them: Western digits in every language, Moroccan month names in Arabic.

Each function takes the language (`ar`, `fr`, `en`), the active one without it. Figures with a sign carry a left-to-right mark in
Arabic, so that the sign stays before the figure.
"""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from babel import Locale
from babel.dates import format_date as babel_date
from babel.numbers import NumberPattern, format_decimal, parse_pattern
from django.utils import timezone
from django.utils.translation import gettext, override

from nassij.common.locale import active_language
from nassij.common.text import direction

Number = int | float | Decimal | Fraction

LOCALES = {"ar": "ar_MA", "fr": "fr", "en": "en"}
LTR_MARK = "\u200e"
NO_BREAK = "\u00a0"


def format_number(value: Number, language: str | None = None, *, decimals: int = 0, signed: bool = False) -> str:
    """`value` rounded (half up) to at most `decimals`: 57.42 with one decimal is «57,4» in Arabic and French.

    `signed` writes a plus before what is above zero: a change, «+11».
    """
    language = language or active_language()
    rounded = _rounded(value, decimals)
    text = format_decimal(abs(rounded), format=_pattern(f"#,##0.{'#' * decimals}"), locale=_locale(language))
    sign = "-" if rounded < 0 else "+" if signed and rounded > 0 else ""
    mark = LTR_MARK if sign and direction(language) == "rtl" else ""
    return f"{mark}{sign}{text}"


def format_percent(ratio: Number, language: str | None = None, *, decimals: int = 0) -> str:
    """A ratio as per cent: 0.9 is «90 %» in Arabic and French, “90%” in English."""
    language = language or active_language()
    figure = format_number(Fraction(ratio) * 100, language, decimals=decimals)
    return f"{figure}%" if language == "en" else f"{figure}{NO_BREAK}%"


def format_date(value: date, language: str | None = None) -> str:
    """«15 مارس 2027», «15 mars 2027», “15 March 2027”; a moment is shown on its local day."""
    return babel_date(_local(value), "d MMMM y", locale=_locale(language or active_language()))


def format_short_date(value: date) -> str:
    """«27/11/2026» in every language, on its local day; it is read from left to right."""
    return f"{_local(value):%d/%m/%Y}"


def format_datetime(value: datetime, language: str | None = None) -> str:
    """Day and local time, 24 hours: «15 مارس 2027، 18:05»."""
    language = language or active_language()
    local = _local(value)
    with override(language):
        return gettext("%(day)s, %(time)s") % {"day": format_date(local, language), "time": f"{local:%H:%M}"}


def format_money(amount: Number, language: str | None = None, *, decimals: int | None = None) -> str:
    """Dirhams: «50.000 درهم», «50 000 MAD», “MAD 50,000”; cents only when there are some."""
    language = language or active_language()
    if decimals is None:
        decimals = 0 if _rounded(amount, 2) == _rounded(amount, 0) else 2
    pattern = _pattern(f"#,##0.{'0' * decimals}" if decimals else "#,##0")
    figure = format_decimal(_rounded(amount, decimals), format=pattern, locale=_locale(language))
    if language == "en":
        return f"MAD{NO_BREAK}{figure}"
    return f"{figure}{NO_BREAK}{'درهم' if language == 'ar' else 'MAD'}"


@lru_cache(maxsize=len(LOCALES))
def _locale(language: str) -> Locale:
    """Babel parses a name anew for each figure."""
    return Locale.parse(LOCALES[language])


@lru_cache(maxsize=32)
def _pattern(format: str) -> NumberPattern:
    """Babel parses a format anew for each figure, too."""
    return parse_pattern(format)


def _rounded(value: Number, decimals: int) -> Decimal:
    """Half away from zero, exactly: the engine's fractions and typed figures alike (a float means its shortest spelling)."""
    exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    scaled = abs(exact) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-decimals)


def _local(value: date) -> date:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
