"""Guides for tests: one of our own, and a small one."""

from __future__ import annotations

import datetime
from dataclasses import replace
from functools import lru_cache

from course_content.compiler import SOURCES, check
from funding_guide.guides.source import Guide


@lru_cache(maxsize=1)
def _ours() -> dict[str, Guide]:
    return {guide.code: guide for guide in check(SOURCES, today=datetime.date(2026, 11, 27)).guides}


def ours(code: str) -> Guide:
    """A guide of the suite, as its source says."""
    return _ours()[code]


def small(**changes: object) -> Guide:
    """A guide with a text and a checklist, whose files take no time."""
    guide = Guide(
        code="G9",
        version="1.0.0",
        order=90,
        topics=("meetings",),
        valid_from="2026-11-01",
        valid_until="",
        checked_on="2026-11-20",
        title={"ar": "دليل صغير", "fr": "Petit guide"},
        summary={"ar": "ملخص", "fr": "Résumé"},
        change_note={"ar": "أولى", "fr": "Première"},
        text={"ar": "## عنوان {#one}\n\nنص.", "fr": "## Titre {#one}\n\nTexte."},
    )
    return replace(guide, **changes)  # type: ignore[arg-type]
