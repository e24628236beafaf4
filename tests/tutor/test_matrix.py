"""Every shape of a site, read by the real programs: HTTPS or not, our proxy or another, databases in or out, Kubernetes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
import yaml

from tests.tutor import programs
from tests.tutor.projects import Project

Rendered = Callable[..., Project]
OUTSIDE = {
    "RUN_MYSQL": False,
    "MYSQL_HOST": "mysql.internal",
    "RUN_MONGODB": False,
    "MONGODB_HOST": "mongo.internal",
    "RUN_REDIS": False,
    "REDIS_HOST": "redis.internal",
    "RUN_MEILISEARCH": False,
    "MEILISEARCH_URL": "http://search.internal:7700",
}
S3 = {
    "NASSIJ_STORAGE": "s3",
    "NASSIJ_S3_BUCKET": "public",
    "NASSIJ_S3_PRIVATE_BUCKET": "private",
    "NASSIJ_S3_ENDPOINT": "https://s3.internal",
    "OPENEDX_AWS_ACCESS_KEY": "key",
    "OPENEDX_AWS_SECRET_ACCESS_KEY": "secret",
}
SHAPES = {
    f"{'https' if https else 'http'}-{'caddy' if proxy else 'no proxy'}-databases {'outside' if outside else 'inside'}": {
        "ENABLE_HTTPS": https,
        "ENABLE_WEB_PROXY": proxy,
        **(OUTSIDE if outside else {}),
        **(S3 if outside else {}),
    }
    for https, proxy, outside in product((False, True), repeat=3)
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_program_accepts_what_is_rendered(rendered: Rendered, shape: str) -> None:
    project = rendered(**SHAPES[shape])
    assert programs.compose(project, "local") == ""
    assert programs.compose(project, "dev") == ""
    port = "" if SHAPES[shape]["ENABLE_HTTPS"] and SHAPES[shape]["ENABLE_WEB_PROXY"] else ":80"
    assert programs.caddy(project.env / "apps/caddy/Caddyfile", port) == ""
    assert programs.caddy(project.env / "plugins/mfe/apps/mfe/Caddyfile") == ""
    objects = programs.kustomized(project.env)
    assert {"nassij-worker", "nassij-beat"} <= {each["metadata"]["name"] for each in objects}
    assert programs.kubernetes(objects, programs.KUBERNETES[-1]) == ""


@pytest.mark.parametrize("minor", programs.KUBERNETES)
def test_three_minors_of_kubernetes(rendered: Rendered, minor: str) -> None:
    assert programs.kubernetes(programs.kustomized(rendered().env), minor) == ""


def test_the_dockerfile(rendered: Rendered) -> None:
    file = rendered().env / "build/openedx/Dockerfile"
    assert programs.dockerfile(file) == ""
    text = file.read_text("utf-8")
    install = next(
        line for line in text.replace("\\\n", " ").splitlines() if "nassij-dist" in line and line.startswith("RUN")
    )
    assert "--network=none" in install and "--no-index" in install


def test_each_of_these_programs_finds_a_mistake(project: Project, tmp_path: Path) -> None:
    """The negative control of every check above."""
    compose = project.env / "local/docker-compose.prod.yml"
    good = compose.read_text("utf-8")
    compose.write_text(good.replace("nassij-beat:", "nassij-beat:\n    imagge: x"), "utf-8")
    assert "imagge" in programs.compose(project, "local")
    compose.write_text(good, "utf-8")

    proxy = project.env / "apps/caddy/Caddyfile"
    proxy.write_text(proxy.read_text("utf-8").replace("request_header", "request_haeder", 1), "utf-8")
    assert "request_haeder" in programs.caddy(proxy)

    objects = programs.kustomized(project.env)
    scaler = next(each for each in objects if each["kind"] == "HorizontalPodAutoscaler")
    scaler["spec"]["maxReplicaz"] = scaler["spec"].pop("maxReplicas")
    assert "maxReplica" in programs.kubernetes(objects, programs.KUBERNETES[-1])

    dockerfile = project.env / "build/openedx/Dockerfile"
    dockerfile.write_text(dockerfile.read_text("utf-8").replace("RUN --network=none", "RNU --network=none"), "utf-8")
    assert programs.dockerfile(dockerfile) != ""


def named(objects: list[dict], kind: str) -> dict[str, dict]:
    return {each["metadata"]["name"]: each for each in objects if each["kind"] == kind}


def test_pods_are_asked_in_ways_that_fit(rendered: Rendered) -> None:
    objects = programs.kustomized(rendered(**S3).env)
    deployments = named(objects, "Deployment")
    for name in ("lms", "cms"):
        (pod,) = deployments[name]["spec"]["template"]["spec"]["containers"]
        assert pod["startupProbe"]["httpGet"]["path"] == "/heartbeat"
        assert "tcpSocket" in pod["readinessProbe"] and "tcpSocket" in pod["livenessProbe"]
        assert pod["resources"]["requests"] == {"cpu": "500m", "memory": "2Gi"}  # the memory is upstream's own
    for name in ("nassij-worker", "nassij-beat"):
        spec = deployments[name]["spec"]["template"]["spec"]
        assert spec["securityContext"]["runAsNonRoot"]
        assert "exec" in spec["containers"][0]["livenessProbe"]
        assert deployments[name]["metadata"]["labels"].get("app.kubernetes.io/component") not in ("job", "namespace")
    assert deployments["nassij-beat"]["spec"]["replicas"] == 1
    assert deployments["nassij-beat"]["spec"]["strategy"] == {"type": "Recreate"}
    assert "replicas" not in deployments["nassij-worker"]["spec"]  # else each start would undo the autoscaler
    scalers = named(objects, "HorizontalPodAutoscaler")
    assert {name: (each["spec"]["minReplicas"], each["spec"]["maxReplicas"]) for name, each in scalers.items()} == {
        "lms": (2, 6),
        "cms": (1, 3),
        "nassij-worker": (1, 4),
    }
    for name in scalers:
        (pod,) = deployments[name]["spec"]["template"]["spec"]["containers"]
        assert "cpu" in pod["resources"]["requests"]  # a percentage of nothing would never scale
    assert set(named(objects, "PodDisruptionBudget")) == {"lms", "cms", "nassij-worker"}


def test_one_autoscaler_for_each_deployment(rendered: Rendered) -> None:
    """With tutor-contrib-pod-autoscaling those of LMS and Studio, and what their pods ask for, are its business."""
    objects = programs.kustomized(rendered(**S3, PLUGINS=["mfe", "nassij", "pod-autoscaling"]).env)
    assert set(named(objects, "HorizontalPodAutoscaler")) == {"nassij-worker"}
    for name in ("lms", "cms"):
        (pod,) = named(objects, "Deployment")[name]["spec"]["template"]["spec"]["containers"]
        assert "cpu" not in pod["resources"]["requests"]


def test_the_worker_and_the_beat_of_one_machine(rendered: Rendered) -> None:
    project = rendered(NASSIJ_CELERY_QUEUE="slow", NASSIJ_WORKER_CONCURRENCY=3)
    services = yaml.safe_load((project.env / "local/docker-compose.prod.yml").read_text("utf-8"))["services"]
    worker, beat = services["nassij-worker"], services["nassij-beat"]
    assert "--queues=slow" in worker["command"] and "--concurrency=3" in worker["command"]
    assert "worker" in worker["command"] and "beat" in beat["command"]
    assert worker["environment"]["NASSIJ_HEARTBEAT_FILE"] in " ".join(worker["healthcheck"]["test"])
    assert "NASSIJ_HEARTBEAT_FILE" not in beat["environment"]
    settings = [volume for volume in worker["volumes"] if "/envs/tutor" in volume or volume.endswith("config:ro,z")]
    assert settings and all(volume.endswith(":ro,z") for volume in settings)
    assert "../../data/openedx-media-private:/openedx/media-private:z" in worker["volumes"]
