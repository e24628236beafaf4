"""The same backup on Kubernetes: through pods that are made for it and gone afterwards, and with a real database."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.tutor.projects import BIN
from tests.tutor.saved_site import PASSWORD, SavedSite, program
from tutornassij.backup import manifest as manifests

DEPLOYMENTS = {"lms": 3, "cms": 1, "lms-worker": 2, "nassij-worker": 1, "nassij-beat": 1, "meilisearch": 1, "caddy": 1}
KEPT = {"meilisearch", "caddy"}


class Cluster:
    def __init__(self, site: SavedSite, folder: Path) -> None:
        self.site, self.folder = site, folder
        folder.mkdir(exist_ok=True)
        found = {name: {"metadata": {"name": name}, "spec": {"replicas": count}} for name, count in DEPLOYMENTS.items()}
        (folder / "state.json").write_text(json.dumps({"pods": {}, "deployments": found}), "utf-8")
        site.environment()
        program(site.project.root / "shims/kubectl", f'"{Path(__file__).parent / "kubectl_double.py"}"')

    @property
    def state(self) -> dict[str, Any]:
        return json.loads((self.folder / "state.json").read_text("utf-8"))

    @property
    def calls(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "calls.jsonl").read_text("utf-8").splitlines()]

    def answer(self, *command: str, code: int = 0, **environment: str) -> dict[str, Any]:
        where = {"NASSIJ_CLUSTER": str(self.folder), "NASSIJ_KUBECTL": str(BIN / "kubectl"), **environment}
        return self.site.answer(*command, "--mode", "k8s", code=code, **where)


@pytest.fixture
def cluster(site: SavedSite, tmp_path: Path) -> Cluster:
    return Cluster(site, tmp_path / "cluster")


def test_what_was_lost_comes_back_and_the_site_is_as_large_as_before(cluster: Cluster) -> None:
    site, before = cluster.site, cluster.site.contents()
    made = cluster.answer("backup")["backup"]
    assert list(manifests.faults(Path(made["folder"]))) == []
    assert {one["name"].split("/")[0] for one in made["members"]} == {"mongodb", "mysql", "config.yml.gz"}
    assert "data/" in [one["what"] for one in made["left_out"]]
    assert not any("scale" in call["argv"] for call in cluster.calls), "the site is not stopped for it"
    site.database.empty()
    shutil.rmtree(site.mongo)
    site.mongo.mkdir()
    cluster.answer("restore", made["name"], "--yes", "--no-init")
    assert site.contents() == before
    scaled = [tuple(call["argv"][3:5]) for call in cluster.calls if call["argv"][2] == "scale"]
    stopped = [(f"--replicas={0}", f"deployment/{name}") for name in DEPLOYMENTS if name not in KEPT]
    assert scaled[: len(stopped)] == stopped and len(scaled) == 2 * len(stopped)
    assert {name: found["spec"]["replicas"] for name, found in cluster.state["deployments"].items()} == DEPLOYMENTS
    assert not any(found["metadata"].get("annotations") for found in cluster.state["deployments"].values())
    told(cluster)


def told(cluster: Cluster) -> None:
    """Pods are made from the jobs that Tutor rendered, are gone, and no password is in what the cluster keeps of them."""
    assert cluster.state["pods"] == {}
    pods = [json.loads(call["given"]) for call in cluster.calls if call["argv"][2] == "apply"]
    images = {pod["spec"]["containers"][0]["image"].split(":")[0] for pod in pods}
    assert images >= {"docker.io/mysql", "docker.io/mongo"}
    assert all(pod["spec"]["restartPolicy"] == "Never" and pod["spec"]["activeDeadlineSeconds"] for pod in pods)
    assert PASSWORD not in json.dumps(cluster.calls) and json.dumps(PASSWORD)[1:-1] not in json.dumps(cluster.calls)


def test_a_backup_that_fails_leaves_no_pod(cluster: Cluster) -> None:
    failed = cluster.answer("backup", code=1, NASSIJ_MONGO_URI="mongodb://another:27017/")
    assert failed["error"]["code"] == "backup.command"
    assert cluster.calls and cluster.state["pods"] == {} and list(cluster.site.backups.glob("[0-9]*")) == []
