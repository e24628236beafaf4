"""A `kubectl` for the tests of backups: a cluster that is a file, scripts that run on this machine; `kustomize` is real.

`NASSIJ_CLUSTER` is a folder: `state.json` with the pods and the deployments, `calls.jsonl` with every call and what it was given.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["NASSIJ_CLUSTER"])
STATE = FOLDER / "state.json"


def main(argv: list[str]) -> int:
    if argv[0] == "kustomize":
        os.execv(os.environ["NASSIJ_KUBECTL"], ["kubectl", *argv])
    assert argv[:2] == ["--namespace", "openedx"], argv
    verb, words = argv[2], argv[3:]
    state = json.loads(STATE.read_text("utf-8"))
    given = sys.stdin.read() if verb == "apply" else ""
    with (FOLDER / "calls.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps({"argv": argv, "given": given, "pods": sorted(state["pods"])}) + "\n")
    if verb == "exec":
        return in_a_pod(state, words)
    done = {"apply": apply, "get": get, "scale": scale, "annotate": annotate, "delete": delete, "wait": wait}[verb]
    done(state, words, given)
    STATE.write_text(json.dumps(state), "utf-8")
    return 0


def in_a_pod(state: dict[str, Any], words: list[str]) -> int:
    assert words[0] == "--stdin" and words[1] in state["pods"] and words[2:6] == ["--", "sh", "-e", "-c"], words
    if "manage.py" in words[6]:  # no platform here
        sys.stdin.buffer.read()
        return 0
    return subprocess.run(["sh", "-e", "-c", words[6]], check=False).returncode


def apply(state: dict[str, Any], words: list[str], given: str) -> None:
    assert words == ["-f", "-"]
    pod = json.loads(given)
    state["pods"][pod["metadata"]["name"]] = pod


def wait(state: dict[str, Any], words: list[str], given: str) -> None:
    if words[0] == "--for=delete":
        name = words[3].partition("=")[2]
        assert state["deployments"][name]["spec"]["replicas"] == 0, f"it would be waited for {name} in vain"
    else:
        assert words[:1] == ["--for=condition=Ready"] and words[1].removeprefix("pod/") in state["pods"], words


def get(state: dict[str, Any], words: list[str], given: str) -> None:
    assert words[0] == "deployments" and words[-2:] == ["-o", "json"]
    print(json.dumps({"items": list(state["deployments"].values())}))


def scale(state: dict[str, Any], words: list[str], given: str) -> None:
    name = words[1].removeprefix("deployment/")
    state["deployments"][name]["spec"]["replicas"] = int(words[0].removeprefix("--replicas="))


def annotate(state: dict[str, Any], words: list[str], given: str) -> None:
    name, change = (word for word in words if word != "--overwrite")
    annotations = state["deployments"][name.removeprefix("deployment/")]["metadata"].setdefault("annotations", {})
    if change.endswith("-"):
        del annotations[change[:-1]]
    else:
        annotations.update([change.split("=")])


def delete(state: dict[str, Any], words: list[str], given: str) -> None:
    del state["pods"][words[1]]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
