"""Bytes in and out of a backup: compressed, encrypted when a key is given, never more of them in memory than one chunk.

GnuPG and a *public* key: the server that saves cannot read what it saved, so whoever breaks into it cannot either, and the sums
can still be checked there. Weighed: `openssl enc` does not notice a changed byte; age is installed on no server we know.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from tutornassij.backup.trouble import Trouble
from tutornassij.i18n import _

LEVEL = 1
"""Of compression: a dump shrinks to a sixth, at the speed of a disk; higher levels win little and take minutes."""
CHUNK = 1 << 20
GPG = ("gpg", "--batch", "--quiet", "--no-tty")


@contextlib.contextmanager
def writing(path: Path, key: Path | None = None) -> Iterator[gzip.GzipFile]:
    """A file of a backup to write plain bytes to. Raises `Trouble` when they cannot be kept."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with path.open("xb") as file, contextlib.ExitStack() as stack:
            path.chmod(0o600)
            sink: IO[bytes] = stack.enter_context(_encrypting(file, key)) if key else file
            with gzip.GzipFile(filename="", fileobj=sink, mode="wb", compresslevel=LEVEL, mtime=0) as packed:
                yield packed
    except OSError as error:
        raise Trouble(
            "backup.disk",
            _("%(path)s cannot be written: %(error)s") % {"path": path, "error": error.strerror or error},
            _("Make room (tutor nassij backup --keep N removes old ones), then run it again."),
        ) from error


@contextlib.contextmanager
def reading(path: Path, *, encrypted: bool = False) -> Iterator[gzip.GzipFile]:
    """The plain bytes of a file of a backup. Raises `Trouble` when it is damaged, or was encrypted for a key that is not here."""
    try:
        with path.open("rb") as file, contextlib.ExitStack() as stack:
            source: IO[bytes] = stack.enter_context(_decrypting(file)) if encrypted else file
            with gzip.GzipFile(fileobj=source, mode="rb") as plain:
                yield plain
    except (OSError, EOFError, zlib.error) as error:
        raise Trouble(
            "backup.damaged",
            _("%(path)s cannot be read: %(error)s") % {"path": path, "error": error},
            _("Take an older backup, or another copy of this one."),
        ) from error


def pipe(end: IO[bytes] | None) -> IO[bytes]:
    """An end of a process that was opened as a pipe."""
    if end is None:
        raise ValueError("not a pipe")
    return end


@contextlib.contextmanager
def _encrypting(file: IO[bytes], key: Path) -> Iterator[IO[bytes]]:
    command = [*GPG, "--trust-model", "always", "--compress-algo", "none", "--recipient-file", str(key), "--encrypt"]
    with _gpg(command, stdin=subprocess.PIPE, stdout=file) as process, pipe(process.stdin) as sink:
        yield sink


@contextlib.contextmanager
def _decrypting(file: IO[bytes]) -> Iterator[IO[bytes]]:
    with _gpg([*GPG, "--decrypt"], stdin=file, stdout=subprocess.PIPE) as process, pipe(process.stdout) as source:
        if not (isinstance(source, io.BufferedReader) and source.peek(1)):
            raise OSError(
                "nothing came out of it"
            )  # not an empty file: whoever reads on would say so of something else
        yield source
        while source.read(CHUNK):  # GnuPG says at the very end whether all of it was right
            pass


@contextlib.contextmanager
def _gpg(command: list[str], stdin: int | IO[bytes], stdout: int | IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    if shutil.which("gpg") is None:
        raise Trouble("backup.gpg", _("GnuPG is not installed."), _("Run: apt install gnupg"))
    with subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE) as process:
        failed: BaseException | None = None
        try:
            yield process
        except OSError as error:  # the pipe broke: GnuPG says why
            failed = error
        except BaseException:
            process.kill()
            raise
        said = process.stderr.read().decode(errors="replace").strip() if process.stderr else ""
        if process.wait() or failed:
            last = said.splitlines()[-1] if said else str(failed)
            raise Trouble(
                "backup.gpg",
                _("GnuPG refuses: %(error)s") % {"error": last},
                _("To write, give a file with a public key; to read, the secret key must be in your key ring."),
            )
