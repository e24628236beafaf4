"""What Tutor loads (entry point `tutor.plugin.v1`): each module below registers its own hooks when it is imported.

Nothing may fail here without a word: Tutor skips a plugin that cannot be imported, and would deploy a stock LMS.
"""

from __future__ import annotations

from pathlib import Path

from tutor import hooks

from tutornassij import refusal

HERE = Path(__file__).parent

try:
    from tutornassij import checks, cli, images, jobs, languages, mfe_links, settings, site, workers  # noqa: F401
except Exception as error:
    hooks.clear_all(context=hooks.Contexts.app("nassij").name)  # half of a plugin would be worse than none
    refusal.refuse_always(
        f"the plugin is installed, but cannot be loaded ({type(error).__name__}: {error}). Nothing may be deployed without it. "
        "Install it again: pip install --force-reinstall tutor-contrib-nassij; or go on without it: tutor plugins disable nassij"
    )
else:
    hooks.Filters.ENV_TEMPLATE_ROOTS.add_item(str(HERE / "templates"))
    for _path in sorted((HERE / "patches").glob("[!.]*")):
        hooks.Filters.ENV_PATCHES.add_item((_path.name, _path.read_text("utf-8")))
