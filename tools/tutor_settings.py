"""Write docs/operations/tutor-settings.rst from the plugin's table: `python -m tools.tutor_settings`, with its environment."""

from __future__ import annotations

import json
from pathlib import Path

from tutornassij import settings

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs/operations/tutor-settings.rst"
SECTIONS = (
    ("People and the law", settings.PEOPLE),
    ("Languages", settings.TONGUES),
    ("Courses", settings.COURSES),
    ("Limits", settings.LIMITS),
    ("Work in the background", settings.WORK),
    ("Storage", settings.STORAGE),
    ("Look", settings.LOOK),
    ("Growth on Kubernetes", settings.GROWTH),
    ("Other systems", settings.INTEGRATION),
)
HEAD = """Settings of the Tutor plugin
============================

Written by ``python -m tools.tutor_settings`` from ``tutornassij/settings.py``; a test holds the two together.
``tutor config save --set NAME=VALUE`` changes one, ``--unset NAME`` goes back to the default, ``tutor local start -d`` applies
it. Only what you set is in ``config.yml``. A value that cannot work is refused by name, and nothing is rendered from it.

Two defaults of Tutor itself are other here: ``LANGUAGE_CODE`` follows the first of ``NASSIJ_LANGUAGES``, and the names of the
images end in ``-nassij-`` and the version of the suite. What you set yourself goes before both.
"""


def text() -> str:
    """The page."""
    parts = [HEAD]
    for title, rows in SECTIONS:
        parts.append(f"\n{title}\n{'-' * len(title)}\n\n.. list-table::\n   :header-rows: 1\n   :widths: 30 25 45\n")
        parts.append("\n   * - Setting\n     - Default\n     - Meaning\n")
        for each in rows:
            default = json.dumps(each.default, ensure_ascii=False)
            parts.append(f"   * - ``{each.name}``\n     - ``{default}``\n     - {each.meaning}\n")
    return "".join(parts)


if __name__ == "__main__":
    TARGET.write_text(text(), "utf-8")
