"""The `docker` of the tests: writes down each call and starts nothing.

`docker compose config` is the one real thing: it is handed to Docker Compose itself, which needs no engine for that.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def script_of(argv: list[str]) -> str | None:
    """The shell script of a job: `… run … sh -e -c SCRIPT`."""
    return argv[argv.index("-c") + 1] if "run" in argv and "-c" in argv else None


def main(argv: list[str]) -> int:
    with Path(os.environ["NASSIJ_DOCKER_LOG"]).open("a", encoding="utf-8") as log:
        log.write(json.dumps({"argv": argv, "script": script_of(argv)}) + "\n")
    if argv[:1] == ["compose"] and "config" in argv:
        os.execvp("docker-compose", ["docker-compose", *argv[1:]])
    if argv[:1] == ["compose"] and "ls" in argv:
        print("[]")
    return int(os.environ.get("NASSIJ_DOCKER_EXIT", "0"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
