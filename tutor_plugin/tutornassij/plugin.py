"""What Tutor loads (entry point `tutor.plugin.v1`): each module below registers its own hooks when it is imported."""

from __future__ import annotations

from pathlib import Path

from tutor import hooks

from tutornassij import cli  # noqa: F401

HERE = Path(__file__).parent

hooks.Filters.ENV_TEMPLATE_ROOTS.add_item(str(HERE / "templates"))

for _path in sorted((HERE / "patches").glob("[!.]*")):
    hooks.Filters.ENV_PATCHES.add_item((_path.name, _path.read_text("utf-8")))
