"""Each check of the doctor: it passes on a project that is well, and says so when exactly one thing is broken."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tutor import hooks
from tutor import plugins as tutor_plugins
from tutor.commands import cli as tutor_cli  # noqa: F401 - brings what Tutor's templates use

from tests.tutor.projects import BIN, Project
from tests.tutor.test_refusal import broken_plugin
from tutornassij.doctor.checks import (
    CHECKS,
    environment,
    hosts,
    image,
    installation,
    keeping,
    languages,
    machine,
    neighbours,
    settings,
    workers,
)
from tutornassij.doctor.findings import Check, Finding, Outcome, examine, ok
from tutornassij.doctor.report import as_json, exit_code
from tutornassij.doctor.site import Docker, Network, Plugins, Site, open_site

HOSTS = {"LMS_HOST": "nassij.example.ma", "CMS_HOST": "studio.nassij.example.ma", "ENABLE_HTTPS": True}


class Answers(Network):
    """A network in which every name is known and every certificate is good, but for those that are said otherwise."""

    def __init__(self, unknown: str = "", until: datetime | None = None, error: OSError | None = None) -> None:
        self.unknown, self.error = unknown, error
        self.until = until or datetime.now(UTC) + timedelta(days=60)

    def addresses(self, host: str) -> tuple[str, ...]:
        return () if host == self.unknown else ("192.0.2.1",)

    def certificate(self, host: str, port: int = 443) -> datetime:
        if self.error:
            raise self.error
        return self.until


class Engine(Docker):
    """A Docker that answers what it was made with."""

    def __init__(self, folder: Path, running: set[str], created: str | None) -> None:
        self.data_folder, self.running, self.created = folder, frozenset(running), created  # type: ignore[misc]

    def image(self, tag: str) -> dict[str, Any] | None:
        return {"Created": self.created} if self.created else None


@pytest.fixture(scope="session")
def well_project(rendered: Callable[..., Project]) -> Project:
    return rendered(**HOSTS)


@pytest.fixture(scope="session")
def tutor_ready(well_project: Project) -> Iterator[None]:
    """Tutor with our plugin, in this process, and the project's packages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NASSIJ_WHEELS", str(well_project.wheels))
        hooks.Actions.CORE_READY.do()
        for name in ("mfe", "nassij"):
            if not tutor_plugins.is_loaded(name):
                tutor_plugins.load(name)
        yield


@pytest.fixture
def well(tutor_ready: None, well_project: Project, tmp_path: Path) -> Site:
    """A site that is well, as a copy that a test may break: its project is rendered once for all tests."""
    root = tmp_path / "project"
    shutil.copytree(well_project.root, root, ignore=shutil.ignore_patterns("home", "shims"))
    (root / "config.yml").chmod(0o600)
    site = open_site(root)
    site.network = Answers()
    assert not site.problem
    return site


def codes(check: Callable[[Site], Iterator[Finding]], site: Site, *outcomes: Outcome) -> list[str]:
    wanted = outcomes or (Outcome.FAILED, Outcome.WARNED)
    return [found.code for found in check(site) if found.outcome in wanted]


def said(check: Callable[[Site], Iterator[Finding]], site: Site, code: str) -> Finding:
    """The finding with this code; each that something is wrong has a remedy."""
    found = next(one for one in check(site) if one.code == code)
    assert found.outcome in (Outcome.FAILED, Outcome.WARNED) and found.remedy
    return found


# The plugin


def test_the_plugin_is_loaded(well: Site) -> None:
    assert codes(installation.loaded, well) == []


@pytest.mark.parametrize(
    ("plugins", "code"),
    [
        (Plugins(installed={"nassij": "22"}, enabled=(), loaded=()), "plugin.not_enabled"),
        (Plugins(installed={}, enabled=("nassij",), loaded=()), "plugin.not_installed"),
        (Plugins(installed={"nassij": "22"}, enabled=("nassij",), error="ImportError: x"), "plugin.import_error"),
        (Plugins(installed={"nassij": "22"}, enabled=("nassij",)), "plugin.not_loaded"),
    ],
)
def test_a_plugin_that_is_not_loaded_is_said(well: Site, plugins: Plugins, code: str) -> None:
    well.plugins = plugins
    assert said(installation.loaded, well, code).outcome is Outcome.FAILED


def test_no_project_is_said(well: Site) -> None:
    well.root = well.root / "nowhere"
    assert codes(installation.loaded, dataclasses.replace(well, plugins=Plugins())) == ["plugin.no_project"]


def test_versions_belong_together(well: Site) -> None:
    assert codes(installation.versions, well) == []


@pytest.mark.parametrize(
    ("package", "version", "code"),
    [
        ("tutor", "21.0.8", "versions.tutor"),
        ("tutor-contrib-nassij", "21.0.0", "versions.plugin"),
        ("tutor-mfe", "21.1.0", "versions.other"),
    ],
)
def test_a_mix_of_versions_is_said(
    well: Site, monkeypatch: pytest.MonkeyPatch, package: str, version: str, code: str
) -> None:
    real = installation.version_of
    monkeypatch.setattr(installation, "version_of", lambda name: version if name == package else real(name))
    assert code in codes(installation.versions, well)


def test_an_old_python_is_said(well: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "PYTHON", (3, 99))
    assert codes(installation.versions, well) == ["versions.python"]


def test_without_the_front_ends_nobody_signs_in(well: Site) -> None:
    well.plugins = dataclasses.replace(well.plugins, enabled=("nassij",))
    assert codes(installation.versions, well) == ["versions.mfe"]


# config.yml


def test_the_settings_can_be_read(well: Site) -> None:
    assert codes(settings.readable, well) == []


@pytest.mark.parametrize("text", ["LMS_HOST: [unclosed", "- a list", 'LMS_HOST: "{{ NO_SUCH_SETTING }}"', "\x00"])
def test_settings_that_cannot_be_read_are_said_and_nothing_breaks(well: Site, text: str) -> None:
    well.config_path.write_text(text, "utf-8")
    site = open_site(well.root)
    results = list(examine(CHECKS, site))
    assert not [found.code for result in results for found in result.findings if found.code.endswith(".broke")]
    assert codes(settings.readable, site) == ["settings.unreadable"]
    assert exit_code(results) == 1


def test_a_misspelt_setting_is_said_with_the_right_name(well: Site) -> None:
    assert codes(settings.meant, well) == []
    well.user["NASSIJ_BACKUP_FOLDER"] = ["minio"]
    assert "NASSIJ_BACKUP_FOLDERS" in said(settings.meant, well, "settings.misspelt").remedy


@pytest.mark.parametrize(("name", "value"), [("NASSIJ_TIDY_MINUTES", 0), ("NASSIJ_STORAGE", "s3")])
def test_a_value_that_cannot_work_is_said(well: Site, name: str, value: object) -> None:
    assert codes(settings.possible, well) == []
    well.config["NASSIJ_MISSPELT"] = "the matter of another check"
    assert codes(settings.possible, well) == []
    well.config[name] = value
    assert set(codes(settings.possible, well)) == {"settings.impossible"}


def test_passwords_that_others_can_read_are_said_and_mended(well: Site) -> None:
    assert codes(settings.private, well) == []
    well.config_path.chmod(0o644)
    well.backups.mkdir(mode=0o755)
    assert codes(settings.private, well) == ["settings.open", "settings.open"]
    (result,) = examine([Check("private", "", settings.private)], well, fix=True)
    assert [found.outcome for found in result.findings] == [Outcome.OK, Outcome.OK]
    assert oct(well.config_path.stat().st_mode)[-3:] == "600" and oct(well.backups.stat().st_mode)[-3:] == "700"
    assert codes(settings.private, well) == []


def test_settings_of_another_account_are_said(well: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who runs Tutor with sudo now and then cannot write them the next time."""
    monkeypatch.setattr(settings.os, "getuid", lambda: 12345)
    assert codes(settings.private, well) == ["settings.owner"]


# What is rendered


def test_the_environment_is_current(well: Site) -> None:
    assert codes(environment.current, well) == []


def test_a_setting_that_was_not_rendered_is_said(well: Site) -> None:
    well.config["PLATFORM_NAME"] = "another name"
    found = said(environment.current, well, "environment.stale")
    assert "apps/openedx/config/lms.env.yml" in found.details["files"]


def test_a_rendered_file_that_somebody_changed_is_said(well: Site) -> None:
    (well.env / "local/docker-compose.yml").write_text("services: {}", "utf-8")
    assert said(environment.current, well, "environment.stale").details["files"] == ["local/docker-compose.yml"]


def test_a_missing_rendered_file_is_said(well: Site) -> None:
    (well.env / "apps/caddy/Caddyfile").unlink()
    assert codes(environment.current, well) == ["environment.stale"]


def test_nothing_rendered_is_said(well: Site) -> None:
    shutil.rmtree(well.env)
    assert codes(environment.current, well) == ["environment.none"]


def test_settings_that_cannot_be_rendered_are_said(well: Site) -> None:
    del well.config["LMS_HOST"]
    assert codes(environment.current, well) == ["environment.broken"]


# The image


def test_a_stock_image_is_said(well: Site) -> None:
    well.config["DOCKER_IMAGE_OPENEDX"] = "docker.io/overhangio/openedx:22.0.3"
    assert "image.stock" in codes(image.named, well)


def test_an_image_that_launch_would_not_build_is_said(well: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "required_images", set)
    assert "image.not_required" in codes(image.named, well)


def test_the_packages_are_those_of_the_plugin(well: Site) -> None:
    assert codes(image.wheels, well) == []
    assert codes(image.wheels, well, Outcome.OK) == ["wheels.same"]


def test_a_missing_an_altered_and_a_stale_package_are_said(well: Site) -> None:
    wheels = well.env / image.BUILD_FOLDER
    next(wheels.glob("typst*.whl")).unlink()
    next(wheels.glob("openedx_nassij*.whl")).write_bytes(b"something else")
    (wheels / "openedx_nassij-0.9-py3-none-any.whl").write_bytes(b"PK old")
    assert sorted(codes(image.wheels, well)) == ["wheels.altered", "wheels.missing", "wheels.stale"]
    list(examine([Check("wheels", "", image.wheels)], well, fix=True))
    assert sorted(codes(image.wheels, well)) == ["wheels.altered", "wheels.missing"], "only what is stale is removed"


def test_a_plugin_whose_own_packages_were_altered_is_said(
    well: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where the image is built lies the same, so only the list of what was released tells."""
    folder = Path(shutil.copytree(well.root / "wheels", tmp_path / "installed"))
    monkeypatch.setenv("NASSIJ_WHEELS", str(folder))
    for place in (folder / image.FOLDER, well.env / image.BUILD_FOLDER):
        next(place.glob("openedx_nassij*.whl")).write_bytes(b"something else")
    assert set(codes(image.wheels, well)) == {"wheels.source"}


def test_a_plugin_without_its_packages_is_said(well: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "packaged", list)
    assert codes(image.wheels, well) == ["wheels.none"]


def test_the_image_is_built_and_younger_than_what_is_in_it(well: Site) -> None:
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    well.docker = Engine(well.root, set(), later)  # type: ignore[misc]
    assert codes(image.built, well) == []
    well.docker = Engine(well.root, set(), "2020-01-01T00:00:00.123456789Z")  # type: ignore[misc]
    assert codes(image.built, well) == ["image.old"]
    well.docker = Engine(well.root, set(), None)  # type: ignore[misc]
    assert codes(image.built, well) == ["image.not_built"]


# Language, workers, files


def test_the_language_is_one_of_ours(well: Site) -> None:
    well.config["LANGUAGE_CODE"] = "de"
    assert codes(languages.language, well) == ["language.unknown"]


def test_a_language_that_is_not_rendered_is_said(well: Site) -> None:
    well.config["LANGUAGE_CODE"] = "fr"
    assert codes(languages.language, well) == ["language.not_rendered"]


@pytest.mark.parametrize("path", languages.PROXIES)
def test_a_proxy_that_does_not_keep_the_language_is_said(well: Site, path: str) -> None:
    assert codes(languages.policy, well) == []
    (well.env / path).write_text("", "utf-8")
    assert said(languages.policy, well, "language.not_kept").details["path"] == path
    well.config["NASSIJ_LANGUAGE_POLICY"] = "browser"
    assert codes(languages.policy, well) == []


def test_english_for_all_is_a_warning(well: Site) -> None:
    well.config["LANGUAGE_CODE"] = "en"
    for service in ("lms", "cms"):
        (well.env / f"apps/openedx/config/{service}.env.yml").write_text('LANGUAGE_CODE: "en"\n', "utf-8")
    assert codes(languages.language, well) == ["language.english"]


def test_a_worker_that_is_not_rendered_is_said(well: Site) -> None:
    (well.env / "local/docker-compose.prod.yml").write_text("services: {lms-worker: {image: x}}", "utf-8")
    assert codes(workers.rendered, well) == ["workers.not_rendered", "workers.not_rendered"]


def test_a_clock_that_is_started_as_a_worker_is_said(well: Site) -> None:
    text = 'services: {nassij-worker: {command: "celery worker"}, nassij-beat: {command: "celery worker"}}'
    (well.env / "local/docker-compose.prod.yml").write_text(text, "utf-8")
    assert codes(workers.rendered, well) == ["workers.not_rendered"]


def test_a_worker_of_another_queue_is_said(well: Site) -> None:
    assert codes(workers.rendered, well) == []
    well.config["NASSIJ_CELERY_QUEUE"] = "another"
    assert codes(workers.rendered, well) == ["workers.queue"]


def test_on_kubernetes_it_is_the_deployments_that_are_looked_at(well: Site) -> None:
    well.mode = "k8s"
    assert codes(workers.rendered, well) == []
    path = well.env / "kustomization.yml"
    path.write_text(path.read_text("utf-8").replace("plugins/nassij/k8s/workers.yml", ""), "utf-8")
    unnamed = dataclasses.replace(well)
    assert codes(workers.rendered, unnamed) == ["workers.not_rendered", "workers.not_rendered"], (
        "rendered, never applied"
    )


def test_a_service_that_does_not_run_is_said(well: Site) -> None:
    everything = {*workers.PLATFORM, *workers.SERVICES}
    well.docker = Engine(well.root, everything, None)  # type: ignore[misc]
    assert codes(workers.running, well) == []
    well.docker = Engine(well.root, everything - {"nassij-beat"}, None)  # type: ignore[misc]
    assert said(workers.running, well, "workers.down").details["service"] == "nassij-beat"


def test_files_on_kubernetes_need_a_bucket(well: Site) -> None:
    assert codes(keeping.files, well) == []
    well.mode = "k8s"
    assert codes(keeping.files, well) == ["storage.lost"]
    for service in ("lms", "cms"):
        path = well.env / keeping.SETTINGS.format(service=service)
        before = path.read_text("utf-8")
        path.write_text(before + '\n# STORAGES = "storages.backends.s3"\n', "utf-8")
        assert codes(keeping.files, well) == (["storage.lost"] if service == "lms" else ["storage.differs"])
        path.write_text(before + '\nSTORAGES["default"]["BACKEND"] = "storages.backends.s3.S3Storage"\n', "utf-8")
        assert codes(keeping.files, well) == (["storage.differs"] if service == "lms" else ["storage.private_lost"])


def test_the_bucket_of_our_settings_is_seen(rendered: Callable[..., Project], tutor_ready: None) -> None:
    """As our own templates write it, for both kinds of files."""
    keys = ("NASSIJ_S3_BUCKET", "NASSIJ_S3_PRIVATE_BUCKET", "OPENEDX_AWS_ACCESS_KEY", "OPENEDX_AWS_SECRET_ACCESS_KEY")
    site = open_site(rendered(NASSIJ_STORAGE="s3", **{name: name.lower() for name in keys}).root, mode="k8s")
    assert codes(keeping.files, site) == [] and codes(keeping.files, site, Outcome.OK) == ["storage.objects"]


def test_a_site_that_was_never_saved_is_said(well: Site) -> None:
    assert codes(keeping.saved, well) == ["backup.none"]


def test_an_old_backup_and_a_restore_that_was_interrupted_are_said(well: Site) -> None:
    folder = well.backups / "20260101T000000Z"
    folder.mkdir(parents=True)
    manifest = {
        "format": "nassij-backup/1",
        "created": "2026-01-01T00:00:00+00:00",
        "site": "x",
        "lms_host": "x",
        "mode": "local",
        "versions": {},
        "encrypted": False,
        "members": [{"name": "config.yml.gz", "kind": "config", "bytes": 0, "sha256": ""}],
        "left_out": [],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (well.backups / "20260102T000000Z.partial").mkdir()
    assert codes(keeping.saved, well) == ["backup.old"]
    manifest["created"] = datetime.now(UTC).isoformat()
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert codes(keeping.saved, well) == []
    (well.backups / "restoring").write_text("20260101T000000Z", "utf-8")
    assert codes(keeping.saved, well) == ["backup.half_restored"]


# Names and the machine


def test_names_and_addresses_are_well(well: Site) -> None:
    assert codes(hosts.named, well) == [] and codes(hosts.reached, well) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ENABLE_HTTPS": False}, "hosts.no_https"),
        ({"LMS_HOST": "local.openedx.io", "MFE_HOST": "apps.local.openedx.io"}, "hosts.trial"),
        ({"MFE_HOST": "apps.example.org"}, "hosts.mfe"),
        ({"MFE_HOST": "appsnassij.example.ma"}, "hosts.mfe"),
    ],
)
def test_names_that_do_not_work_are_said(well: Site, changed: dict[str, Any], code: str) -> None:
    well.config |= changed
    assert codes(hosts.named, well) == [code]


def test_a_name_without_an_address_is_said(well: Site) -> None:
    well.network = Answers(unknown="studio.nassij.example.ma")
    assert said(hosts.reached, well, "dns.none").details["host"] == "studio.nassij.example.ma"


@pytest.mark.parametrize(
    ("network", "code"),
    [
        (Answers(error=ssl.SSLCertVerificationError(1, "self-signed certificate")), "https.refused"),
        (Answers(error=ConnectionRefusedError(111, "refused")), "https.silent"),
        (Answers(until=datetime.now(UTC) + timedelta(days=3)), "https.soon"),
    ],
)
def test_a_bad_certificate_is_said(well: Site, network: Network, code: str) -> None:
    well.network = network
    assert set(codes(hosts.reached, well)) == {code}


def test_offline_asks_nobody(well: Site) -> None:
    well.offline, well.network = True, None  # type: ignore[assignment]
    assert codes(hosts.reached, well, Outcome.NOT_HERE) == ["dns.not_asked"]


@pytest.mark.parametrize(("free", "code"), [(1, "disk.full"), (10, "disk.low"), (100, None)])
def test_a_full_disk_is_said(well: Site, monkeypatch: pytest.MonkeyPatch, free: int, code: str | None) -> None:
    usage = shutil.disk_usage("/")._replace(free=free * machine.GB)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda folder: usage)
    assert codes(machine.disk, well) == ([code] if code else [])


@pytest.mark.parametrize(("megabytes", "code"), [(2000, "memory.least"), (5000, "memory.low"), (16000, None)])
def test_little_memory_is_said(
    well: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, megabytes: int, code: str | None
) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text(f"MemTotal:       {megabytes * 1000} kB\nMemFree: 1 kB\n", "ascii")
    monkeypatch.setattr(machine, "MEMINFO", meminfo)
    assert codes(machine.memory, well) == ([code] if code else [])


@pytest.mark.parametrize(
    ("enabled", "changed", "code"),
    [
        ("indigo", {}, "neighbours.indigo"),
        ("celery", {}, "neighbours.celery"),
        ("backup", {}, "neighbours.backup"),
        ("x", {"OPENEDX_EXTRA_PIP_REQUIREMENTS": ["openedx-nassij==0.1"]}, "neighbours.twice"),
    ],
)
def test_plugins_that_clash_are_said(well: Site, enabled: str, changed: dict[str, Any], code: str) -> None:
    assert codes(neighbours.clashes, well) == []
    well.plugins = dataclasses.replace(well.plugins, enabled=(*well.plugins.enabled, enabled))
    well.config |= changed
    assert codes(neighbours.clashes, well) == [code]


def test_an_aspects_that_pip_took_by_mistake_is_said(well: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    well.plugins = dataclasses.replace(well.plugins, enabled=("aspects",))
    for version, found in (("2.4.0", ["neighbours.aspects"]), ("6.1.0", [])):
        monkeypatch.setattr(neighbours.metadata, "version", lambda name, version=version: version)
        assert codes(neighbours.clashes, well) == found


# The whole command


def test_a_check_that_breaks_or_says_nothing_has_failed(well: Site) -> None:
    def breaks(site: Site) -> Iterator[Finding]:
        yield ok("x", "fine")
        raise RuntimeError("oh")

    results = list(examine([Check("breaks", "", breaks), Check("silent", "", lambda site: ())], well))
    assert [found.code for result in results for found in result.findings] == ["x", "breaks.broke", "silent.empty"]
    assert exit_code(results) == 1


def test_every_finding_is_complete_in_json(well: Site) -> None:
    document = json.loads(json.dumps(as_json(list(examine(CHECKS, well)), well)))
    assert {"schema", "at", "root", "mode", "language", "versions", "python", "totals", "checks"} == document.keys()
    assert [check["check"] for check in document["checks"]] == [check.name for check in CHECKS]
    for check in document["checks"]:
        for found in check["findings"]:
            assert found.keys() == {"code", "outcome", "message", "remedy", "fixable", "details"}
            assert (found["outcome"] in ("ok", "not_here")) or found["remedy"], found
    assert sum(document["totals"].values()) == sum(len(check["findings"]) for check in document["checks"])


def test_the_command_answers_in_arabic_with_its_exit_code(well_project: Project) -> None:
    done = well_project.run("nassij", "doctor", "--offline", "--json", "--lang", "ar")
    document = json.loads(done.stdout)
    assert (done.returncode, document["language"]) == (1, "ar"), "nothing was ever saved"
    assert "backup.none" in [found["code"] for check in document["checks"] for found in check["findings"]]
    arabic = re.compile("[\u0621-\u064a]")
    assert all(arabic.search(check["title"]) for check in document["checks"])


def test_a_plugin_that_cannot_be_imported_is_found_by_the_module(project: Project, tmp_path: Path) -> None:
    """Tutor skips it with exit code 0 and knows no `tutor nassij`: the trap this command was made for."""
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import sys\nclass No:\n    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'tutornassij.plugin':\n            raise ImportError('no module named lost')\n"
        "sys.meta_path.insert(0, No())\n",
        "utf-8",
    )
    saved = project.run("config", "save", PYTHONPATH=str(broken))
    assert saved.returncode == 0 and "no module named lost" in saved.stderr, "or this test looks at nothing"
    assert project.run("nassij", "doctor", PYTHONPATH=str(broken)).returncode == 2
    for command in ([sys.executable, "-m", "tutornassij"], [str(BIN / "tutor-nassij")]):
        done = subprocess.run(
            [*command, "doctor", "--offline", "--json"],
            env=project.environment(PYTHONPATH=str(broken)),
            capture_output=True,
            text=True,
            check=False,
        )
        found = json.loads(done.stdout)["checks"][0]["findings"][0]
        assert (done.returncode, found["code"]) == (1, "plugin.import_error")
        assert "no module named lost" in found["message"]


def test_a_plugin_that_is_half_installed_is_found_too(project: Project, tmp_path: Path) -> None:
    """It is loaded as far as Tutor knows, and refuses everything."""
    done = subprocess.run(
        [sys.executable, "-m", "tutornassij", "doctor", "--offline", "--json"],
        env=project.environment(PYTHONPATH=broken_plugin(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(done.stdout)["checks"][0]["findings"][0]
    assert (done.returncode, found["code"]) == (1, "plugin.import_error")
    assert "half installed" in found["message"]


def test_docker_that_does_not_answer_is_no_docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim = tmp_path / "docker"
    shim.write_text('#!/bin/sh\n[ "$1" = info ] && exit 1\necho "[]"\n', "utf-8")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    docker = Docker(tmp_path)
    assert not docker.answers and docker.image("x") is None


def test_a_real_certificate_that_nobody_signed_is_refused(tmp_path: Path) -> None:
    """The network as it is, against a server of our own."""
    import socket
    import threading

    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _address = server.accept()
            with line, pytest.raises((ssl.SSLError, OSError)):
                context.wrap_socket(line, server_side=True).recv(1)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(ssl.SSLCertVerificationError):
            Network().certificate("localhost", server.getsockname()[1])
        thread.join()
    assert Network().addresses("localhost") and not Network().addresses("name.invalid")
