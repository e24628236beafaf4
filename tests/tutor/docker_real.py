"""A `docker` for the tests of backups: what a container would run runs here, on the same files and against a real MariaDB.

`docker compose … run SERVICE-job sh -e -c SCRIPT` runs the script on this machine; the paths that the service would see are those
that its volumes are mounted from, as rendered. Everything else is written down, and done by nobody.

`NASSIJ_FAIL_AT=words`: a script that has these words fails after it has done its work, with `NASSIJ_FAIL_ONCE=file` only once.
`NASSIJ_ACCOUNT=file`: the platform has no account with its database, and so cannot start, before Tutor has made one.
`NASSIJ_STALL_AT=words`: such a script does its work, makes the file `NASSIJ_STALLED` and never ends while its caller lives.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml


def services(argv: list[str]) -> tuple[dict[str, Any], Path]:
    """The services of the compose files that were named, and the folder that their paths start from."""
    files = [Path(argv[place + 1]) for place, word in enumerate(argv) if word == "-f"]
    found: dict[str, Any] = {}
    for path in files:
        found.update((yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader) or {}).get("services") or {})
    return found, files[0].parent


def on_this_machine(script: str, service: dict[str, Any], base: Path) -> str:
    """The script with the service's folders as they are called here."""
    for volume in service.get("volumes") or ():
        source, target = volume.split(":")[:2]
        folder = (base / source).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        script = script.replace(target, str(folder))
    return script


def run(argv: list[str]) -> int:
    name = argv[argv.index("sh") - 1]
    found, base = services(argv)
    if name not in found:
        print(f"no such service: {name}", file=sys.stderr)
        return 1
    asked = argv[argv.index("-c") + 1]
    account = os.environ.get("NASSIJ_ACCOUNT")
    if account and "Initialising MySQL" in asked:  # Tutor's own script: it makes the account
        Path(account).touch()
        return 0
    if name == "lms-job":  # no platform here
        sys.stdin.buffer.read()
        return int(bool(account) and not Path(str(account)).exists())
    code = subprocess.run(["sh", "-e", "-c", on_this_machine(asked, found[name], base)], check=False).returncode
    if chosen("NASSIJ_STALL_AT", asked):
        Path(os.environ["NASSIJ_STALLED"]).touch()
        caller = os.getppid()
        while os.getppid() == caller:
            time.sleep(0.05)
    once = os.environ.get("NASSIJ_FAIL_ONCE")
    if chosen("NASSIJ_FAIL_AT", asked) and not (once and Path(once).exists()):
        if once:
            Path(once).touch()
        print("a disk that is full", file=sys.stderr)
        return 1
    return code


def chosen(name: str, script: str) -> bool:
    return bool(words := os.environ.get(name)) and words in script


def main(argv: list[str]) -> int:
    with Path(os.environ["NASSIJ_DOCKER_LOG"]).open("a", encoding="utf-8") as log:
        log.write(json.dumps({"argv": argv, "script": argv[-1] if "-c" in argv else None}) + "\n")
    if argv[0] == "compose" and "run" in argv:
        return run(argv)
    if argv[0] == "compose" and "config" in argv:
        print("\n".join(sorted(services(argv)[0])))
    if argv[0] == "compose" and "ls" in argv:
        print("[]")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
