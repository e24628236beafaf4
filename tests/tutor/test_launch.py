"""`tutor local launch` with a `docker` that writes down what it is asked: what is built, started and run, in this order."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable

import pytest

from tests.tutor.projects import Project


@pytest.fixture(scope="module")
def launched(rendered: Callable[..., Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = rendered().copy(tmp_path_factory.mktemp("launch") / "project")
    project.tutor("local", "launch", "--non-interactive")
    return project


def told(project: Project) -> list[str]:
    """Each call in few words: what was built, `up`, or the service a script ran in and what the script is."""
    return [line for call in project.calls() if (line := shortly(call["argv"], call["script"]))]


def shortly(argv: list[str], script: str | None) -> str | None:
    if argv[:2] == ["buildx", "build"]:
        tag = next(word for word in argv if word.startswith("--tag="))
        return f"build {tag.removeprefix('--tag=')} {argv[-1].rpartition('/env/')[2]}"
    if script is None:
        return next((word for word in argv if word in ("stop", "up")), None)
    service = next(word for word in argv if word.endswith("-job"))
    first = next(line for line in script.strip().splitlines() if service != "mysql-job" or line.startswith("echo"))
    commands = re.findall(r"^ *\./manage\.py (?:lms|cms) (nassij_\w+|migrate)", script, re.MULTILINE)
    return f"{service}: {' '.join(commands) or first}"


def test_the_image_is_built_then_started_then_migrated_then_filled(launched: Project) -> None:
    """Every step, Tutor's own too: a new Tutor that does it otherwise is to be looked at."""
    assert told(launched) == [
        "build docker.io/overhangio/openedx:22.0.3-nassij-9.9.9 build/openedx",
        "stop",
        "up",
        "lms-job: # The initialization job contains various re-install operations needed to be done",
        'mysql-job: echo "Initialising MySQL..."',
        "lms-job: # Get or create Meilisearch API key",
        "lms-job: migrate",
        "cms-job: migrate",
        "lms-job: # MFE-specific tasks",
        'mysql-job: echo "Nassij: the database may guard what was submitted"',
        "lms-job: nassij_seed",
        "cms-job: nassij_import_courses",
    ]


def test_every_script_of_init_is_shell(launched: Project) -> None:
    scripts = [call["script"] for call in launched.calls() if call["script"]]
    assert len(scripts) >= 6
    for script in scripts:
        subprocess.run(["sh", "-n"], input=script, text=True, check=True)
        assert "{{" not in script and "{%" not in script


def test_that_check_finds_a_mistake() -> None:
    assert (
        subprocess.run(["sh", "-n"], input="if true; then", text=True, check=False, capture_output=True).returncode != 0
    )


def test_a_build_that_fails_stops_the_launch(project: Project) -> None:
    project.refused("local", "launch", "-I", NASSIJ_DOCKER_EXIT="1")
    assert not any("up" in call["argv"] for call in project.calls())


def test_development_builds_its_own_image(project: Project) -> None:
    project.tutor("dev", "launch", "-I")
    assert told(project)[0] == "build openedx-dev:22.0.3-nassij-9.9.9 build/openedx"


def test_init_can_be_limited_to_ours(project: Project) -> None:
    project.tutor("local", "do", "init", "--limit=nassij")
    assert [line.partition(":")[0] for line in told(project)] == ["mysql-job", "lms-job", "cms-job"]


def script_of(project: Project, *command: str, **settings: object) -> list[str]:
    project.tutor("local", "do", *command)
    return [call["script"].strip() for call in project.calls() if call["script"]]


def test_an_import_that_leaves_a_course_to_its_authors_does_not_stop_the_start(launched: Project) -> None:
    (script,) = [
        call["script"] for call in launched.calls() if call["script"] and "nassij_import_courses" in call["script"]
    ]
    for status, expected in ((0, 0), (3, 0), (1, 1), (4, 1)):
        stand_in = script.replace("./manage.py cms nassij_import_courses", f"(exit {status})")
        assert (subprocess.run(["sh", "-e", "-c", stand_in], check=False, capture_output=True).returncode != 0) == bool(
            expected
        )


def test_nobody_is_invented_unasked_and_a_password_is_quoted(project: Project) -> None:
    project.tutor("local", "do", "init", "--limit=nassij")
    assert "--demo" not in project.calls()[-2]["script"]
    password = "it's {{ 7*7 }} $HOME"
    project.tutor(
        "config", "save", "--set", "NASSIJ_DEMO_ACCOUNTS=true", "--set", "NASSIJ_DEMO_PASSWORD=" + f'"{password}"'
    )
    kept = project.config["NASSIJ_DEMO_PASSWORD"]
    project.tutor("local", "do", "init", "--limit=nassij")
    script = next(
        call["script"] for call in reversed(project.calls()) if call["script"] and "nassij_seed" in call["script"]
    )
    words = shlex.split(script.splitlines()[-1])
    assert words[:3] == ["./manage.py", "lms", "nassij_seed"]
    assert words[3:5] == ["--demo", "--demo-password"]
    assert len(words) == 6 and words[5].startswith("it's ") and kept


def test_courses_are_not_imported_where_they_are_not_wanted(project: Project) -> None:
    project.tutor("config", "save", "--set", "NASSIJ_IMPORT_COURSES=false")
    project.tutor("local", "do", "init", "--limit=nassij")
    assert not any("manage.py cms nassij_import_courses" in (call["script"] or "") for call in project.calls())


AWKWARD = "جمعية {{ الأمل }} l'espoir {% x"
JOBS = {
    "nassij-seed": ["lms nassij_seed"],
    "nassij-import-courses": ["cms nassij_import_courses"],
    "nassij-load-guides": ["lms nassij_load_guides"],
    "nassij-create-association": ["lms nassij_create_association"],
    "nassij-import-associations": ["lms nassij_import_associations"],
    "nassij-selfcheck": [
        "cms nassij_selfcheck --address http://cms:8000",
        "lms nassij_selfcheck --address http://lms:8000",
    ],
}


@pytest.mark.parametrize("job", JOBS)
def test_jobs_hand_every_option_on(project: Project, job: str) -> None:
    """Also those Tutor knows itself, and what looks like a template or a quote."""
    options = ["--dry-run", "--help", "-l", AWKWARD]
    found = [shlex.split(script) for script in script_of(project, job, *options)]
    assert found == [["./manage.py", *call.split(), *options] for call in JOBS[job]]
