"""Writing a run: as a folder that holds exactly its files, and as the tar.gz that Studio imports, the same bytes every time."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

TAR_ROOT = "course"


def write_all(folders: Mapping[Path, Mapping[str, bytes]], files: Mapping[Path, bytes]) -> None:
    """Make each of `folders` hold exactly its files, and write `files` beside them: all of it, or none.

    What differs is first written whole into a folder of its own on the same disk, and only then moved into place: a full disk
    leaves everything as it was. A file that is as it should be is not touched, so that whoever watches a folder sees real changes
    only. No link in the output is followed.
    """
    wanted = {folder / name: content for folder, held in folders.items() for name, content in held.items()}
    roots = {folder / name: folder for folder, held in folders.items() for name in held}
    changed = {
        path: content
        for path, content in (wanted | dict(files)).items()
        if not _is_as_it_should_be(path, content, roots.get(path, path.parent))
    }
    parents = sorted({path.parent for path in (*folders, *files)})
    if not parents:
        return
    new_parents = [parent for parent in parents if not parent.exists()]
    for parent in parents:
        parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".new-", dir=parents[0]))
    try:
        whole = {path: staging / str(number) for number, path in enumerate(changed)}
        for path, content in changed.items():
            whole[path].write_bytes(content)
        for folder, held in folders.items():
            _remove_others(folder, held)
        for path, staged in whole.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            staged.replace(path)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        for parent in new_parents:
            if not any(parent.iterdir()):
                parent.rmdir()


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` hold `files` and nothing else; a file that is as it should be is not touched."""
    write_all({folder: files}, {})


def _is_as_it_should_be(path: Path, content: bytes, root: Path) -> bool:
    inside = os.path.realpath(path) == os.path.join(os.path.realpath(root), path.relative_to(root))
    return inside and path.is_file() and path.read_bytes() == content


def _remove_others(folder: Path, files: Mapping[str, bytes]) -> None:
    """Remove what is in `folder` and none of `files`, and what stands where a folder is wanted."""
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif name not in files or path.is_symlink():
            path.unlink()


def write_file(path: Path, content: bytes) -> None:
    """Write `content`, unless the file has it already: whoever watches the folder sees real changes only, and whole files."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.with_name(f".{path.name}.new")
    try:
        whole.write_bytes(content)
        whole.replace(path)
    finally:
        whole.unlink(missing_ok=True)


def tar_gz(files: Mapping[str, bytes]) -> bytes:
    """The archive of a run: sorted, without times, owners or the machine in it."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(files):
            entry = tarfile.TarInfo(f"{TAR_ROOT}/{name}")
            entry.size, entry.mode, entry.mtime = len(files[name]), 0o644, 0
            archive.addfile(entry, io.BytesIO(files[name]))
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0, compresslevel=9) as stream:
        stream.write(plain.getvalue())
    return packed.getvalue()
