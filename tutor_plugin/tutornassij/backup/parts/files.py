"""The files people gave and courses show: folders of `data/`, through a container, since they belong to the containers' accounts.

A folder may be a disk of its own, which cannot be renamed: its contents are exchanged, within it.
"""

from __future__ import annotations

import posixpath
import re
import shutil
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from shlex import quote
from typing import Any

from tutornassij.backup.containers import Containers, ask, input_of, output_of
from tutornassij.backup.manifest import Member
from tutornassij.backup.parts import Source, Target
from tutornassij.backup.streams import CHUNK
from tutornassij.backup.trouble import Trouble
from tutornassij.i18n import _, ngettext

SERVICE, MOUNT = "nassij-files", "/nassij-data"
FOLDERS = ("openedx-media", "openedx-media-private", "lms", "cms", "caddy")
"""What people uploaded, what the platform keeps beside its databases, and the certificates (issuers count how often one asks)."""
ELSEWHERE = ("mysql", "mongodb", "meilisearch", "redis", "elasticsearch", "lms-job", "cms-job")
"""Databases, which are dumped; indexes, which are rebuilt; what a job leaves behind."""
LEADING_OUT = r"""
find . -type l -exec sh -c '
  for link; do
    case "/$(readlink "$link")/" in //*|*/../*) printf "%s\0" "$link" ;; esac
  done
' sh {} +
find . \( -type p -o -type b -o -type c \) -exec sh -c 'printf "%s\0" "$@"' sh {} +
"""
"""For the shell of the container, which has nothing else: the paths that `leads_out` refuses, each ended by a NUL."""
PATTERN = re.compile(r"[\\*?\[]")
"""What tar does not take as it is written in the name of what it leaves out."""
NEW, OLD, HALF = ".nassij-new", ".nassij-old", ".nassij-half"
TRIES = 3


class Files:
    kind = "files"

    def __init__(self, where: Containers, config: Mapping[str, Any]) -> None:
        self._where, self._wanted = where, folders(config)
        self._staged: list[str] = []

    def save(self, target: Target) -> Iterator[Member]:
        for name in self._present():
            if name in self._wanted:
                file = f"files/{name}.tar.gz"
                self._pack(target, name, file)
                yield target.member(file, self.kind, folder=name)

    def left_out(self) -> Iterator[dict[str, str]]:
        """What was seen and not saved: folders that nobody named, and links that a restore would refuse."""
        present = self._present()
        for name in present:
            if name not in (*self._wanted, *ELSEWHERE) and not name.startswith("."):
                why = _("Not known: name it in NASSIJ_BACKUP_FOLDERS if it holds files.")
                yield {"what": f"data/{name}", "why": why}
        for name in self._wanted:
            for path in self._leading_out(name) if name in present else ():
                shown = posixpath.normpath(f"data/{name}/{path}").encode(errors="backslashreplace").decode()
                yield {"what": shown, "why": _("It leads out of its folder.")}

    def _present(self) -> list[str]:
        script = f'cd {MOUNT}\nfor name in *; do if [ -d "$name" ]; then echo "$name"; fi; done'
        return ask(self._where, SERVICE, script).splitlines()

    def _pack(self, target: Target, name: str, file: str) -> None:
        """A file that goes while it is read makes tar fail: it is read again from the beginning."""
        leading_out = [PATTERN.sub(r"\\\g<0>", path) for path in self._leading_out(name)]
        without = ["./.nassij-*", "./logs", *leading_out]
        excluded = " ".join(f"--exclude={quote(path)}" for path in without)
        script = f"cd {MOUNT}/{quote(name)}\nexec tar -cf - {excluded} ."
        for attempt in range(1, TRIES + 1):
            try:
                with target.writing(file) as sink, output_of(self._where, SERVICE, script) as packed:
                    shutil.copyfileobj(packed, sink, CHUNK)
                return
            except Trouble as trouble:
                (target.folder / file).unlink(missing_ok=True)
                if attempt == TRIES or trouble.code != "backup.command":
                    raise

    def _leading_out(self, name: str) -> list[str]:
        """The links and devices below a folder that `leads_out` refuses, so that no backup of ours is ever refused for one."""
        answer = ask(self._where, SERVICE, f"cd {MOUNT}/{quote(name)}\n{LEADING_OUT}")
        return [path for path in answer.split("\0") if path]

    def stage(self, source: Source) -> None:
        for member in source.manifest.of(self.kind):
            name = member.details["folder"]
            list(contents(source, member))  # refuses what would leave the folder, before anything is written
            self._staged.append(name)
            with source.reading(member) as packed, input_of(self._where, SERVICE, self._unpack(name)) as sink:
                shutil.copyfileobj(packed, sink, CHUNK)

    def _unpack(self, name: str) -> str:
        folder = f"{MOUNT}/{quote(name)}"
        return f"mkdir -p {folder}\ncd {folder}\nrm -rf {NEW} {OLD} {HALF}\nmkdir {NEW}\nexec tar -C {NEW} -xpf -"

    def switch(self) -> None:
        away, in_its_place = _move(".", OLD), _move(NEW, ".")
        self._order(self._staged, f"mkdir -p {OLD}\n{away}\ntouch {HALF}\n{in_its_place}\nrmdir {NEW}")

    def undo(self) -> None:
        """`HALF` says which of the two moves was interrupted: what lies in the folder is old without it, new with it."""
        back = f"if [ -e {HALF} ]; then mkdir -p {NEW}\n{_move('.', NEW)}\nfi\n{_move(OLD, '.')}\nrmdir {OLD}\nrm -f {HALF}"
        self._order(self._present(), f"if [ -d {OLD} ]; then {back}\nfi\nrm -rf {NEW}")
        self._staged.clear()

    def finish(self) -> None:
        self._order(self._staged, f"rm -rf {OLD} {HALF}")
        self._staged.clear()

    def discard(self) -> None:
        self._order(self._staged, f"rm -rf {NEW}")
        self._staged.clear()

    def try_out(self, source: Source) -> Iterator[str]:
        for member in source.manifest.of(self.kind):
            count = sum(1 for _one in contents(source, member))
            yield ngettext(
                "%(name)s can be unpacked: %(count)d entry.", "%(name)s can be unpacked: %(count)d entries.", count
            ) % {"name": member.name, "count": count}

    def _order(self, names: Sequence[str], script: str) -> None:
        """The script, in each of these folders."""
        if names:
            ask(self._where, SERVICE, "\n".join(f"cd {MOUNT}/{quote(name)}\n{script}" for name in names))


def _move(before: str, after: str) -> str:
    """Everything in one folder into another, but for ours. `find`: the shell passes over hidden files."""
    return f"find {before} -mindepth 1 -maxdepth 1 ! -name '.nassij-*' -exec mv {{}} {after}/ \\;"


def folders(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The folders of `data/` that are saved and restored."""
    return (*FOLDERS, *map(str, config.get("NASSIJ_BACKUP_FOLDERS") or ()))


def leads_out(entry: tarfile.TarInfo, links: set[str]) -> bool:
    """Whether unpacking this entry would write, or let somebody read, outside of the folder. `links`: those before it.

    What a link names is not followed: `..` may lead anywhere once another link is on the way, so none is taken.
    """
    names = [entry.name, *([entry.linkname] if entry.issym() or entry.islnk() else [])]
    if entry.isdev() or any(name.startswith("/") or ".." in name.split("/") for name in names):
        return True
    above = {str(folder) for folder in PurePosixPath(entry.name).parents}
    if entry.islnk():
        above |= {str(path) for path in (PurePosixPath(entry.linkname), *PurePosixPath(entry.linkname).parents)}
    return bool(above & links)


def contents(source: Source, member: Member) -> Iterator[tarfile.TarInfo]:
    """Every entry, read to its end. Raises `Trouble` when it is damaged or would be written elsewhere."""
    links: set[str] = set()
    with source.reading(member) as packed:
        try:
            with tarfile.open(fileobj=packed, mode="r|") as archive:
                for entry in archive:
                    if leads_out(entry, links):
                        raise Trouble(
                            "backup.hostile",
                            _("%(name)s would write outside of its folder: %(path)s")
                            % {"name": member.name, "path": entry.name},
                            _("Take another copy of this backup: somebody has changed this one."),
                        )
                    if entry.issym():
                        links.add(str(PurePosixPath(entry.name)))
                    yield entry
            while packed.read(CHUNK):
                pass
        except tarfile.TarError as error:
            raise Trouble(
                "backup.damaged", _("%(path)s cannot be read: %(error)s") % {"path": member.name, "error": error}
            ) from error
