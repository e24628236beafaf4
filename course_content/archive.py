"""Writing a run: as a folder that holds exactly its files, and as the tar.gz that Studio imports, the same bytes every time."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

TAR_ROOT = "course"


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` hold `files` and nothing else; a file that is as it should be is not touched."""
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif name not in files:
            path.unlink()
    for name, content in files.items():
        write_file(folder / name, content)


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
