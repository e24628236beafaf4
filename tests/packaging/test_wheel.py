"""The wheel: what is in it, and that it works in an empty environment."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tools import wheels

ROOT = Path(__file__).parents[2]
PACKAGES = ("nassij/", "governance_assessment/", "funding_guide/", "xblocks/", "course_content/")
pytestmark = [pytest.mark.packaging, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, as `make wheel` builds it: what lies about in a work tree does not help."""
    return wheels.suite(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_it_holds_our_packages_and_nothing_else(names: list[str]) -> None:
    strangers = [name for name in names if not name.startswith(PACKAGES) and ".dist-info/" not in name]
    assert strangers == []


@pytest.mark.parametrize(
    "suffix",
    [
        "locale/ar/LC_MESSAGES/django.mo",
        "locale/fr/LC_MESSAGES/django.mo",
        "gov-ma/0.1.0.yaml",
        "facts.yaml",
        "nassij.css",
        "send.js",
        "public/js/lesson.js",
        "public/js/governance.js",
        "nassij/base.html",
        "instrument-1.schema.json",
        "funding-call-1.schema.json",
        "windows/commune-grant.yaml",
        "guides/G6/templates/minutes.ar.md",
        ".typ",
        ".ttf",
    ],
)
def test_it_holds_what_is_not_code(names: list[str], suffix: str) -> None:
    assert any(name.endswith(suffix) for name in names)


def test_every_catalog_is_compiled(names: list[str]) -> None:
    catalogs = {name for name in names if name.endswith(".po")}
    assert catalogs
    assert {name.removesuffix(".po") + ".mo" for name in catalogs} <= set(names)


def test_every_data_file_of_the_packages_is_in_it(names: list[str]) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", *PACKAGES], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\n")
    kept = {".py", ".html", ".txt", ".css", ".js", ".svg", ".json", ".yaml", ".md", ".po", ".typ", ".ttf"}
    missing = [name for name in tracked if Path(name).suffix in kept and name not in names]
    assert missing == []


LOADER = """
from importlib.metadata import entry_points
import django
from django.conf import settings
from edx_django_utils.plugins import get_plugin_apps

settings.configure(
    SECRET_KEY="x", USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
                    "django.contrib.admin", "rest_framework", *get_plugin_apps("lms.djangoapp")],
)
django.setup()
loaded = 0
for group in ("xblock.v1", "lms.djangoapp", "cms.djangoapp"):
    ours = [point for point in entry_points(group=group) if point.dist.name == "openedx-nassij"]
    for point in ours:
        point.load()
        loaded += 1
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("nassij_load_instruments", verbosity=0)
print("loaded", loaded)
"""


def test_it_installs_in_an_empty_environment_and_every_entry_point_loads(wheel: Path, tmp_path: Path) -> None:
    line = "teak" if sys.version_info[:2] == (3, 11) else "verawood"
    environment = tmp_path / "venv"
    python = environment / "bin/python"
    uv = Path(sys.executable).parent / "uv"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, environment], check=True)
    install = [uv, "pip", "install", "--quiet", "--python", python, wheel, "-c", ROOT / f"requirements/{line}.txt"]
    subprocess.run(install, check=True)
    script = tmp_path / "load.py"
    script.write_text(LOADER, "utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PYTHON", "NASSIJ_"))}
    result = subprocess.run([python, script], cwd=tmp_path, env=clean, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    points = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    expected = sum(len(group) for group in points.values())
    assert result.stdout.split("\n")[-2] == f"loaded {expected}"
