"""`tutor …` as a fork of a process that has imported it already: its start is a second of CPU, hundreds of times.

`python -m tests.tutor.zygote` reads a line of JSON for each run (`argv`, `environment`, `folder`, `files` for its standard input,
output and error) and answers with a line: the exit code. The plugin is imported in the fork, as Tutor does it, never before.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def run(
    argv: list[str], environment: Mapping[str, str], folder: Path, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """`tutor ARGV`: what it says, and its exit code."""
    with tempfile.TemporaryDirectory() as room:
        files = [str(Path(room) / name) for name in ("in", "out", "err")]
        Path(files[0]).write_text(given, "utf-8")
        asked = {"argv": argv, "environment": dict(environment), "folder": str(folder), "files": files}
        code = _server().ask(asked)
        said = [Path(path).read_text("utf-8") for path in files[1:]]
    return subprocess.CompletedProcess(["tutor", *argv], code, *said)


class _Server:
    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.tutor.zygote"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._one_at_a_time = threading.Lock()

    def ask(self, asked: Mapping[str, Any]) -> int:
        assert self._process.stdin and self._process.stdout
        with self._one_at_a_time:
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())


@cache
def _server() -> _Server:
    """One for each test process; it ends with it, when its input does."""
    return _Server()


def serve() -> None:
    from tutor.commands import cli  # noqa: F401 - what the forks need not do any more

    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _run(json.loads(line))
        _pid, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(asked: Mapping[str, Any]) -> None:
    code = 1
    try:
        for number, path in enumerate(asked["files"]):
            handle = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(handle, number)
            os.close(handle)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - the old one has read ahead
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        code = _tutor(asked["argv"])
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _tutor(argv: list[str]) -> int:
    from tutor.commands import cli
    from tutor.plugins import base, v1

    # Read once, when these are imported.
    base.PLUGINS_ROOT = v1.PLUGINS_ROOT = os.environ[base.PLUGINS_ROOT_ENV_VAR_NAME]
    sys.argv = [str(Path(sys.executable).parent / "tutor"), *argv]
    try:
        cli.main()
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


if __name__ == "__main__":
    serve()
