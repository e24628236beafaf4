"""The links at the foot of the micro-frontends: both rendered sources are run, over stand-ins for the packages they import."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tutor import programs
from tests.tutor.projects import BIN, Project
from tests.tutor.test_launch import told
from tests.tutor.test_site_settings import settings
from tutornassij import mfe_links

Rendered = Callable[..., Project]
HERE = Path(__file__).parent / "frontend"
BUILD = "plugins/mfe/build/mfe"
SOURCES = {"older": f"{BUILD}/env.config.jsx", "newer": f"{BUILD}/site/src/customApp.tsx"}
PACKAGES = (
    "react",
    "@edx/frontend-platform",
    "@edx/frontend-platform/i18n",
    "@openedx/frontend-plugin-framework",
    "@openedx/frontend-base",
)
CONTACT = {"name": {"ar": "مركز مراكش", "fr": "Centre de Marrakech"}, "phone": "+212 5 24 00 00 00"}
WANTED = {"NASSIJ_MFE_LINKS": True, "NASSIJ_CONTACT": CONTACT, "ENABLE_HTTPS": True}


def run(project: Project, kind: str, folder: Path, *said: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """Types are checked too, as far as the stand-ins have them. Nothing is fetched."""
    source = project.env / SOURCES[kind]
    stand_ins = {name: (HERE / "stand_ins.ts").as_uri() for name in PACKAGES}
    utils = source.parent / "utils"
    mapped = {**stand_ins, utils.as_uri(): utils.with_suffix(".ts").as_uri()}
    (folder / "imports.json").write_text(json.dumps({"imports": mapped}), "utf-8")
    command = [BIN / "deno", "run", "--quiet", "--no-remote", "--no-lock", "--no-config", "--allow-read", "--allow-env"]
    command += [
        "--check",
        f"--import-map={folder / 'imports.json'}",
        HERE / "show.ts",
        source.as_uri(),
        json.dumps(said),
    ]
    environment = {"DENO_DIR": str(folder / "deno"), "HOME": str(folder), "NO_COLOR": "1", "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def shown(project: Project, kind: str, folder: Path, *said: dict[str, Any]) -> list[list[dict[str, Any]]]:
    done = run(project, kind, folder, *said)
    assert done.returncode == 0, done.stderr
    assert "failed to apply" not in done.stderr
    return json.loads(done.stdout)


PLACES = {
    "older": [
        ("org.openedx.frontend.layout.footer.v1", "insert"),
        ("org.openedx.frontend.layout.studio_footer.v1", "insert"),
    ],
    "newer": [("org.openedx.frontend.slot.footer.desktopLegalNotices.v1", "widgetPrepend")],
}


LANGUAGES = {"ar": "ar", "fr-ca": "fr", "es-419": "ar"}
ADDRESSES = [
    "https://local.openedx.io/nassij/",
    "https://local.openedx.io/nassij/funding/",
    "https://local.openedx.io/nassij/privacy/",
    "tel:+212524000000",
]


@pytest.mark.parametrize("kind", SOURCES)
def test_both_kinds_show_the_links_in_the_readers_language(rendered: Rendered, kind: str, tmp_path: Path) -> None:
    """What the LMS says, and nothing where it says nothing."""
    project = rendered(**WANTED)
    config = {"NASSIJ_LINKS": settings(project, "lms")["MFE_CONFIG"]["NASSIJ_LINKS"]}
    cases = [{"locale": locale, "config": config} for locale in LANGUAGES]
    *seen, without = shown(project, kind, tmp_path, *cases, {"locale": "ar", "config": {}})
    for language, widgets in zip(LANGUAGES.values(), seen, strict=True):
        assert [(each["slot"], each["op"]) for each in widgets] == PLACES[kind]
        for each in widgets:
            assert each["shown"]["type"] == "nav" and each["shown"]["props"]["aria-label"]
            anchors = each["shown"]["children"]
            assert [anchor["props"]["href"] for anchor in anchors] == ADDRESSES
            words = [anchor["children"] for anchor in anchors]
            assert words == [*([page[language]] for _path, page in mfe_links.PAGES), [CONTACT["name"][language]]]
    assert all(each["shown"]["children"] == [] for each in without)


@pytest.mark.parametrize("kind", SOURCES)
def test_nothing_is_built_in_unasked(rendered: Rendered, kind: str, tmp_path: Path) -> None:
    project = rendered()
    assert shown(project, kind, tmp_path, {"locale": "ar", "config": {}}) == [[]]
    assert "NASSIJ_LINKS" not in settings(project, "lms")["MFE_CONFIG"]


@pytest.mark.parametrize("kind", SOURCES)
def test_a_mistake_is_found(rendered: Rendered, kind: str, tmp_path: Path) -> None:
    """The negative control."""
    project = rendered(**WANTED).copy(tmp_path / "project")
    source = project.env / SOURCES[kind]
    text = source.read_text("utf-8")
    source.write_text(re.sub(r"nassijElement(\(\s*'nav')", r"nassijElementt\1", text), "utf-8")
    done = run(project, kind, tmp_path, {"locale": "ar", "config": {}})
    assert done.returncode != 0 and "nassijElementt" in done.stderr


def test_both_kinds_of_settings_have_them(rendered: Rendered) -> None:
    found = settings(rendered(**WANTED), "lms")
    assert found["FRONTEND_SITE_CONFIG"]["commonAppConfig"]["NASSIJ_LINKS"] == found["MFE_CONFIG"]["NASSIJ_LINKS"]


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ({"phone": "+212 6 00", "mail": "a@b.ma"}, ["tel:+212600"]),
        ({"messaging": "https://wa.me/212600", "mail": "a@b.ma"}, ["https://wa.me/212600"]),
        ({"mail": "a@b.ma"}, ["mailto:a@b.ma"]),
        ({"name": {"ar": "مركز"}}, []),
        ({}, []),
    ],
)
def test_the_first_way_to_the_contact_centre(contact: dict[str, Any], address: list[str]) -> None:
    assert [url for url, _words in mfe_links.contact_links(contact)] == address


def test_their_image_is_ours_and_built_only_then(rendered: Rendered, tmp_path: Path) -> None:
    plain, wanted = rendered(), rendered(**WANTED).copy(tmp_path / "project")
    assert "nassij" not in plain.value("MFE_DOCKER_IMAGE")
    assert wanted.value("MFE_DOCKER_IMAGE").endswith("-nassij-9.9.9")
    assert programs.dockerfile(wanted.env / BUILD / "Dockerfile") == ""
    wanted.tutor("local", "launch", "-I")
    built = [line.split()[1].rpartition("/")[2].partition(":")[0] for line in told(wanted) if line.startswith("build ")]
    assert built == ["openedx", "openedx-mfe"]
