"""`tutor nassij bundle`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import click

from tutornassij.backup.commands import answering, json_option, lang_option, loaded
from tutornassij.backup.manifest import SUMS, digest, present
from tutornassij.backup.trouble import Trouble
from tutornassij.i18n import _


@click.command(
    help=_("Collect what a site without Internet needs: packages, list of images, scripts to save and load them")
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--find-links", type=click.Path(exists=True, path_type=Path), help=_("take packages from here, not from an index")
)
@json_option
@lang_option
@click.pass_obj
def bundle(context: Any, folder: Path, find_links: Path | None, as_json: bool, lang: str | None) -> None:
    with answering(as_json, lang) as answer:
        document = collect(Path(context.root), folder, find_links)
        answer.give(document, key="bundle")
        answer.say(_("%(folder)s is ready. Run now, where the images are: sh %(folder)s/save.sh") % {"folder": folder})


def collect(root: Path, folder: Path, find_links: Path | None) -> dict[str, Any]:
    """Fill `folder`, which must not have anything in it; what is in it then."""
    from tutornassij.bundle import packages, scripts
    from tutornassij.bundle.images import images

    if folder.exists() and any(folder.iterdir()):
        raise Trouble("bundle.not_empty", _("%(folder)s is not empty.") % {"folder": folder}, _("Name a new folder."))
    config = loaded(root)
    enabled = [str(name) for name in config["PLUGINS"]]
    tags = images(root / "env")
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        wheels = packages.collect(partial / "wheels", packages.requirements(enabled), find_links)
        (partial / "images.txt").write_text("".join(f"{tag}\n" for tag in tags), "utf-8")
        (partial / "save.sh").write_text(scripts.save(tags), "utf-8")
        (partial / "load.sh").write_text(scripts.load(names(enabled), enabled), "utf-8")
        listed = "".join(f"{digest(partial / name)}  ./{name}\n" for name in sorted(present(partial)))
        (partial / SUMS).write_text(listed, "utf-8")
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return {"folder": str(folder), "images": tags, "wheels": wheels}


def names(enabled: list[str]) -> list[str]:
    """The distributions to install by name."""
    from importlib import metadata

    found = {
        point.dist.name
        for point in metadata.entry_points(group="tutor.plugin.v1")
        if point.name in enabled and point.dist
    }
    return ["tutor", *sorted(found)]
