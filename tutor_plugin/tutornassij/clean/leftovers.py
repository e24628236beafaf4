"""What is left of us in `env/` that nothing renders any more: after an upgrade, and after `tutor plugins disable nassij`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tutornassij.wheels import BUILD_FOLDER

OURS = ("plugins/nassij", "build/openedx/themes/nassij", BUILD_FOLDER)
"""Folders of the environment in which every file is ours."""


def leftovers(env: Path) -> Iterator[Path]:
    """Files below `OURS` that would not be rendered now. With the plugin disabled that is all of them; links are not followed."""
    wanted = rendered_now()
    for name in OURS:
        for folder, _folders, files in os.walk(env / name):
            for file in sorted(files):
                path = Path(folder) / file
                if str(path.relative_to(env)) not in wanted:
                    yield path


def rendered_now() -> set[str]:
    """The paths in `env/` that the enabled plugins render, ours among them while it is loaded."""
    from tutor import env, hooks

    renderer = env.Renderer({})
    found = {
        os.path.join(target, template)
        for prefix, target in hooks.Filters.ENV_TEMPLATE_TARGETS.iterate()
        for template in renderer.iter_templates_in(prefix.replace(os.sep, "/"))
    }
    return {os.path.normpath(path) for path in found}


def remove(paths: list[Path], env: Path) -> None:
    """Remove files, and the folders that are empty then."""
    for path in paths:
        path.unlink()
    for name in OURS:
        for folder, _folders, _files in os.walk(env / name, topdown=False):
            if not os.listdir(folder):
                os.rmdir(folder)
