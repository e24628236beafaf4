"""`{% load nassij %}`: numbers and dates in the language of the page, people's rich text, isolated figures."""

from collections.abc import Mapping
from datetime import date, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from nassij.common import numbers, text
from nassij.common.locale import active_language

register = template.Library()


@register.filter
def number(value: numbers.Number | None, decimals: int = 0) -> str:
    """`{{ score|number:1 }}`; empty for None."""
    return "" if value is None else numbers.format_number(value, decimals=decimals)


@register.filter
def signed(value: numbers.Number | None, decimals: int = 0) -> str:
    """`{{ change|signed }}`: «+11», «-3», «0»; empty for None."""
    return "" if value is None else numbers.format_number(value, decimals=decimals, signed=True)


@register.filter
def percent(value: numbers.Number | None, decimals: int = 0) -> str:
    """`{{ ratio|percent }}`; empty for None."""
    return "" if value is None else numbers.format_percent(value, decimals=decimals)


@register.filter
def day(value: date | None) -> str:
    """`{{ submitted|day }}`: «15 مارس 2027»; empty for None."""
    return "" if value is None else numbers.format_date(value)


@register.filter
def iso_day(value: str) -> str:
    """`{{ "2027-03-15"|iso_day }}`: the same, of a date that came as JSON."""
    return numbers.format_date(date.fromisoformat(value))


@register.simple_tag
def colon() -> str:
    """`{{ title }}{% colon %} {{ text }}`: French keeps a space before it that does not break."""
    return pgettext("after a title", ":")


@register.filter
def in_language(texts: Mapping[str, str], language: str) -> str:
    """`{{ titles|in_language:language }}`: the text in this language, or in one that it has."""
    return texts.get(language) or next(iter(texts.values()), "")


@register.simple_tag
def language_attributes(language: str) -> str:
    """`<p{% language_attributes spoken %}>`: says in which language the text of an element is, where not in the page's."""
    if language == active_language():
        return ""
    return format_html(' lang="{}" dir="{}"', language, text.direction(language))


@register.filter
def moment(value: datetime | None) -> str:
    """`{{ saved|moment }}`: day and local time; empty for None."""
    return "" if value is None else numbers.format_datetime(value)


@register.filter
def short_day(value: date | None) -> str:
    """`{{ made|short_day }}`: «27/11/2026», where there is no room for the month's name; empty for None."""
    return "" if value is None else numbers.format_short_date(value)


@register.filter
def kilobytes(value: int) -> str:
    """`{{ file.size|kilobytes }}`: «96 KB», «96 Ko» in French: what a download costs; read from left to right."""
    unit = "Ko" if active_language() == "fr" else "KB"
    return f"{numbers.format_number(max(1, -(-value // 1024)))}{numbers.NO_BREAK}{unit}"


@register.filter
def money(value: numbers.Number | None) -> str:
    """`{{ amount|money }}`: dirhams; empty for None."""
    return "" if value is None else numbers.format_money(value)


@register.filter
def markdown(value: str) -> SafeString:
    """`{{ comment|markdown }}`: people's Markdown as safe HTML."""
    return mark_safe(text.render_markdown(str(value)))  # noqa: S308 (render_markdown ends in the allow-list)


@register.filter
def ltr(value: object) -> SafeString:
    """`{{ law_number|ltr }}`: a left-to-right figure or code that must not turn round inside Arabic."""
    return format_html('<bdi dir="ltr">{}</bdi>', value)
