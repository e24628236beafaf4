"""What is rendered: the same bytes every time, core's defaults changed and never overridden, nothing from another host."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.tutor.projects import Project
from tutornassij.settings import SETTINGS

Rendered = Callable[..., Project]


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_rendered_twice_it_is_the_same(project: Project) -> None:
    before = digests(project.env)
    assert len(before) > 50
    project.tutor("config", "save")
    assert digests(project.env) == before
    project.tutor("config", "save", "--set", "NASSIJ_CNDP_REFERENCE=D-1")
    assert digests(project.env) != before


def test_the_packages_arrive_byte_for_byte(rendered: Rendered) -> None:
    project = rendered()
    assert digests(project.env / "build/openedx/nassij-dist") == digests(project.wheels / "nassij-dist")


def test_packages_of_an_older_version_do_not_stay(project: Project) -> None:
    old = project.env / "build/openedx/nassij-dist/openedx_nassij-0.0.1-py3-none-any.whl"
    old.write_bytes(b"old")
    project.tutor("config", "save")
    assert not old.exists()


def test_core_defaults_are_changed_but_never_kept(project: Project) -> None:
    """An override would be written to config.yml, and no later default would ever reach the site."""
    assert project.value("LANGUAGE_CODE") == "ar"
    assert project.value("DOCKER_IMAGE_OPENEDX").endswith("-nassij-9.9.9")
    assert project.value("DOCKER_IMAGE_OPENEDX_DEV").endswith("-nassij-9.9.9")
    ours = {each.name for each in SETTINGS}
    assert not ours & set(project.config)
    assert not {"LANGUAGE_CODE", "DOCKER_IMAGE_OPENEDX", "DOCKER_IMAGE_OPENEDX_DEV"} & set(project.config)


def test_what_an_operator_sets_goes_before(project: Project) -> None:
    project.tutor(
        "config", "save", "--set", "LANGUAGE_CODE=fr", "--set", "DOCKER_IMAGE_OPENEDX=registry.example/mine:1"
    )
    assert project.value("LANGUAGE_CODE") == "fr"
    assert project.value("DOCKER_IMAGE_OPENEDX") == "registry.example/mine:1"
    project.tutor("config", "save", "--unset", "LANGUAGE_CODE")
    assert project.value("LANGUAGE_CODE") == "ar"


def test_both_services_have_every_setting(rendered: Rendered) -> None:
    """Also one that would break a file written by hand."""
    awkward = {"name": {"ar": 'مركز "الاتصال": #1', "fr": "l’appel\n- deux"}, "phone": "+212 5 24 00 00 00"}
    project = rendered(NASSIJ_CONTACT=awkward, NASSIJ_CNDP_REFERENCE="D-1: 'x' \\")
    for service in ("lms", "cms"):
        found = yaml.safe_load((project.env / f"apps/openedx/config/{service}.env.yml").read_text("utf-8"))
        assert found["NASSIJ_CONTACT"] == awkward
        expected = {each.name: each.default for each in SETTINGS if each.site}
        given = {"NASSIJ_CONTACT", "NASSIJ_CNDP_REFERENCE"}
        assert {name: found[name] for name in expected if name not in given} == {
            name: value for name, value in expected.items() if name not in given
        }


HOST = re.compile(r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
INSIDE = re.compile(r"(^|\.)local\.openedx\.io$")
COMMENT = re.compile(r"^\s*(?:#|//).*$", re.MULTILINE)
SOURCES = Path(__file__).parents[2] / "tutor_plugin/tutornassij"


def foreign_hosts(text: str) -> set[str]:
    return {host for host in HOST.findall(COMMENT.sub("", text)) if not INSIDE.search(host)}


def foreign_hosts_of(env: Path) -> dict[str, set[str]]:
    """What is started, served or read by LMS and Studio; the build contexts fetch from where the platform comes from."""
    running = [path for path in env.rglob("*") if path.is_file() and "build" not in path.relative_to(env).parts]
    found = {str(path.relative_to(env)): foreign_hosts(path.read_text("utf-8")) for path in running}
    return {name: hosts for name, hosts in found.items() if hosts}


@pytest.mark.parametrize("https", [False, True])
def test_a_running_site_names_no_other_host(rendered: Rendered, https: bool) -> None:
    """Tutor's own files are held to it too."""
    assert foreign_hosts_of(rendered(ENABLE_HTTPS=https).env) == {}


def test_what_we_write_names_no_other_host() -> None:
    """Also under settings that no test renders, and in what goes into the images."""
    folders = ("patches", "patches-shared", "templates", "tasks")
    sources = [path for name in folders for path in (SOURCES / name).rglob("*") if path.is_file()]
    assert len(sources) > 10
    assert {str(path) for path in sources if foreign_hosts(path.read_text("utf-8"))} == set()


def test_that_rule_finds_a_host(project: Project) -> None:
    assert foreign_hosts('href="https://cdn.jsdelivr.net/x.css"') == {"cdn.jsdelivr.net"}
    assert foreign_hosts("url(//fonts.example.com/a.woff)") == {"fonts.example.com"}
    assert foreign_hosts("https://apps.local.openedx.io/x") == set()
    settings = project.env / "apps/openedx/settings/lms/production.py"
    settings.write_text(settings.read_text("utf-8") + '\nLOGO_URL = "https://example.org/logo.png"\n', "utf-8")
    assert foreign_hosts_of(project.env) == {"apps/openedx/settings/lms/production.py": {"example.org"}}


def test_a_mounted_checkout_is_known(project: Project, tmp_path: Path) -> None:
    checkout = tmp_path / "nassij"
    checkout.mkdir()
    project.tutor("mounts", "add", str(checkout))
    compose = yaml.safe_load((project.env / "dev/docker-compose.yml").read_text("utf-8"))
    assert compose
    volumes = yaml.safe_load((project.env / "local/docker-compose.yml").read_text("utf-8"))["services"]["lms"][
        "volumes"
    ]
    assert any(volume.startswith(f"{checkout}:/mnt/nassij") for volume in volumes)
    worker = yaml.safe_load((project.env / "local/docker-compose.prod.yml").read_text("utf-8"))["services"][
        "nassij-worker"
    ]
    assert any(volume.startswith(f"{checkout}:/mnt/nassij") for volume in worker["volumes"])
