"""The image: the platform's own, and our packages installed into it from the build context, without any network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tutor import hooks
from tutor.types import Config

from tutornassij import refusal, wheels
from tutornassij.i18n import _

hooks.Filters.ENV_TEMPLATE_ROOTS.add_item(str(wheels.root()))
hooks.Filters.ENV_TEMPLATE_TARGETS.add_item((f"{wheels.FOLDER}/", "build/openedx"))

# A checkout that is mounted (`tutor mounts add …/nassij`) goes before the installed packages; see the Dockerfile's patch.
hooks.Filters.MOUNTED_DIRECTORIES.add_item(("openedx", r"(openedx-)?nassij$"))


@hooks.Filters.IS_FILE_RENDERED.add()
def _as_they_are(rendered: bool, path: str) -> bool:
    """Wheels are archives: copied byte for byte, never read as templates."""
    return rendered and not path.startswith(f"{wheels.FOLDER}/")


@hooks.Filters.CONFIG_DEFAULTS.add(priority=hooks.priorities.LOW)
def _own_tags(items: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """A name of our own, else the next pull replaces the image with upstream's; with our version, to change when ours does."""
    suffix = "-".join(filter(None, ("nassij", wheels.version())))
    found = dict(items)
    for name in ("DOCKER_IMAGE_OPENEDX", "DOCKER_IMAGE_OPENEDX_DEV"):
        if name in found:
            items.append((name, f"{found[name]}-{suffix}"))
    return items


@hooks.Filters.IMAGES_BUILD_REQUIRED.add()
def _built_by_launch(images: list[str], mode: str) -> list[str]:
    """`launch` builds only what is named here; without it people would get the stock image."""
    return [*images, "openedx-dev" if mode == "dev" else "openedx"]


@hooks.Actions.ENV_SAVED.add()
def _what_lies_in_the_build_context(env: str, _config: Config) -> None:
    """The wheels there are those that were released, all of them and no others; else nothing is built from it."""
    folder = Path(env) / wheels.BUILD_FOLDER
    ours = {path.name for path in wheels.packaged()}
    for left_over in folder.glob("*.whl"):
        if left_over.name not in ours:
            left_over.unlink()
    found = list(wheels.problems(folder))
    if found:
        refusal.refuse(
            _(
                "%(what)s. Nothing may be built from it. Install tutor-contrib-nassij again; in a checkout: make tutor-wheels"
            )
            % {"what": "; ".join(found)}
        )
