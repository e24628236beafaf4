"""MongoDB's programs for the tests, which have no MongoDB: a database is a file of JSON in `NASSIJ_MONGO`.

Called as `mongodump`, `mongorestore` or `mongosh`, with exactly the options that we use; any other is refused. What this proves
is that the right program gets the right options, stream and secret, in the right order; not what MongoDB itself makes of them.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from pathlib import Path

MAGIC = b"\x6d\xe2\x99\x81"  # how an archive of mongodump begins


def place(name: str) -> Path:
    folder = Path(os.environ["NASSIJ_MONGO"])
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.json"


def connected(path: str) -> None:
    assert json.loads(Path(path).read_text("utf-8"))["uri"] == os.environ["NASSIJ_MONGO_URI"], "wrong address"


def dump(argv: list[str]) -> None:
    options = argparse.ArgumentParser()
    for name in ("--quiet", "--archive"):
        options.add_argument(name, action="store_true", required=True)
    options.add_argument("--config", required=True)
    options.add_argument("--db", required=True)
    chosen = options.parse_args(argv)
    connected(chosen.config)
    sys.stdout.buffer.write(MAGIC + place(chosen.db).read_bytes())


def restore(argv: list[str]) -> None:
    options = argparse.ArgumentParser()
    for name in ("--quiet", "--archive", "--drop", "--stopOnError"):
        options.add_argument(name, action="store_true", required=True)
    for name in ("--config", "--nsInclude", "--nsFrom", "--nsTo"):
        options.add_argument(name, required=True)
    chosen = options.parse_args(argv)
    connected(chosen.config)
    archive = sys.stdin.buffer.read()
    target = chosen.nsTo.removesuffix(".*")
    if not archive.startswith(MAGIC) or os.environ.get("NASSIJ_MONGO_FAILS") == target:
        sys.exit("Failed: stream or file does not apear to be a mongodump archive")
    place(target).write_bytes(archive.removeprefix(MAGIC))


def shell(argv: list[str]) -> None:
    assert argv[:2] == ["--nodb", "--quiet"]
    program = Path(argv[2]).read_text("utf-8")
    assert f"connect({json.dumps(os.environ['NASSIJ_MONGO_URI'])})" in program, program
    if "getDBNames" in program:
        print(json.dumps([path.stem for path in place("x").parent.glob("*.json")]))
    elif dropped := re.search(r'getSiblingDB\("([^"]+)"\)\.dropDatabase', program):
        place(dropped.group(1)).unlink(missing_ok=True)
    else:
        sys.exit(f"SyntaxError: {program}")


if __name__ == "__main__":
    {"mongodump": dump, "mongorestore": restore, "mongosh": shell}[sys.argv[1]](sys.argv[2:])
