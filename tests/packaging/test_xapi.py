"""Each of our events becomes a valid xAPI statement, in the real event-routing-backends of both supported lines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from nassij.common.events import EVENTS

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.packaging, pytest.mark.timeout(600)]

BLOCK = "block-v1:Nassij+GOV2+ar+type@nassij_governance+block@gov2-s1-u6"
LESSON = "block-v1:Nassij+GOV2+ar+type@nassij_lesson+block@gov2-s1-u1"
ROUND = "0c9b2a1e-6a0a-4b52-8c3c-1f3a7f2b9d10"
ITEM = "b9a1f0a4-21ab-4d40-9a5e-0f4d7a2f6c11"
LMS = "https://lms.example.org"
VALUES: dict[str, Any] = {
    "round_uuid": ROUND,
    "round_number": 2,
    "round_kind": "express",
    "instrument": "gov-ma",
    "indicator_code": "2.3",
    "kind": "dont_know",
    "state": "submitted",
    "from_state": "draft",
    "to_state": "submitted",
    "item_uuid": ITEM,
    "recommended": False,
    "report": "result",
    "format": "pdf",
    "language": "ar",
    "step": "why & how",
    "success": False,
    "tries": 1,
}
OF_BLOCKS = {name for name in EVENTS if name.startswith("nassij.lesson.")} | {
    f"nassij.governance.{name}" for name in ("assessment.opened", "answer.saved", "answers.completed", "result.viewed")
}

# What verbs and activity types there are: of the ADL vocabulary (https://adlnet.gov/expapi) and the TinCan registry.
ADL, TINCAN, STREAMS = "http://adlnet.gov/expapi/", "http://id.tincanapi.com/", "http://activitystrea.ms/schema/1.0/"
VERBS = {ADL + f"verbs/{name}" for name in ("answered", "completed", "experienced", "initialized", "progressed")} | {
    TINCAN + "verb/viewed",
    TINCAN + "verb/downloaded",
    STREAMS + "start",
    STREAMS + "add",
}
TYPES = {ADL + f"activities/{name}" for name in ("assessment", "course", "file", "lesson", "question")} | {
    TINCAN + "activitytype/step",
    STREAMS + "task",
}
IRI = {"type": "string", "pattern": r"^https?://[^\s<>\"{}|\\^`]+$"}
EXTENSIONS = {"type": "object", "propertyNames": IRI}
ACTIVITY = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": IRI,
        "objectType": {"const": "Activity"},
        "definition": {
            "type": "object",
            "properties": {"type": {"enum": sorted(TYPES)}, "name": {"type": "object"}},
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}
# The parts of xAPI 1.0.3 that our statements use, and no others.
STATEMENT = {
    "type": "object",
    "required": ["id", "actor", "verb", "object", "timestamp", "version", "context"],
    "properties": {
        "id": {"type": "string", "pattern": r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
        "version": {"const": "1.0.3"},
        "timestamp": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"},
        "actor": {
            "type": "object",
            "required": ["account"],
            "properties": {
                "objectType": {"const": "Agent"},
                "account": {
                    "type": "object",
                    "properties": {
                        "homePage": {"const": LMS},
                        "name": {"type": "string", "pattern": "^[0-9a-f-]{36}$"},
                    },
                    "required": ["homePage", "name"],
                    "additionalProperties": False,
                },
            },
            "additionalProperties": False,
        },
        "verb": {
            "type": "object",
            "required": ["id", "display"],
            "properties": {
                "id": {"enum": sorted(VERBS)},
                "display": {"type": "object", "required": ["en"], "additionalProperties": {"type": "string"}},
            },
            "additionalProperties": False,
        },
        "object": ACTIVITY,
        "result": {
            "type": "object",
            "properties": {"success": {"type": "boolean"}, "completion": {"type": "boolean"}},
            "additionalProperties": False,
            "minProperties": 1,
        },
        "context": {
            "type": "object",
            "properties": {
                "extensions": EXTENSIONS,
                "contextActivities": {
                    "type": "object",
                    "properties": {
                        "parent": {"type": "array", "items": ACTIVITY},
                        "grouping": {"type": "array", "items": ACTIVITY},
                    },
                    "additionalProperties": False,
                },
            },
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}


def sample(name: str) -> dict[str, Any]:
    block = {"usage_key": LESSON if name.startswith("nassij.lesson.") else BLOCK} if name in OF_BLOCKS else {}
    return {field: VALUES[field] for field in EVENTS[name]} | block


# The one event of a block that a page tells too: there is no block then.
ON_A_PAGE = (
    "nassij.governance.answer.saved",
    {field: VALUES[field] for field in EVENTS["nassij.governance.answer.saved"]},
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What comes out of event-routing-backends, installed beside the environment."""
    line = "teak" if sys.version_info[:2] == (3, 11) else "verawood"
    target = tmp_path_factory.mktemp("xapi")
    install = [Path(sys.executable).parent / "uv", "pip", "install", "--quiet", "--python", sys.executable]
    lock = ROOT / f"requirements/xapi-{line}.txt"
    subprocess.run([*install, "--no-deps", "--target", target, "-r", lock], check=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PYTHON", "NASSIJ_"))}
    result = subprocess.run(
        [sys.executable, ROOT / "tests/packaging/xapi_statements.py"],
        input=json.dumps([(name, sample(name)) for name in EVENTS] + [ON_A_PAGE]),
        env=kept | {"PYTHONPATH": f"{target}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def statements(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return dict(zip(EVENTS, made["statements"], strict=False))


def test_every_event_has_a_transformer_and_may_pass(made: dict[str, Any]) -> None:
    assert made["registered"] == sorted(EVENTS)
    assert made["allowed"] == {"router": list(EVENTS), "xapi": list(EVENTS)}


@pytest.mark.parametrize("name", EVENTS)
def test_each_statement_is_valid(name: str, statements: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(STATEMENT).validate(statements[name])


def test_statements_name_their_objects_by_addresses_of_this_site(statements: dict[str, Any]) -> None:
    found = {name.removeprefix("nassij."): statement["object"]["id"] for name, statement in statements.items()}
    block, lesson, of_round = (
        f"{LMS}/xblock/{BLOCK}",
        f"{LMS}/xblock/{LESSON}",
        f"{LMS}/nassij/governance/rounds/{ROUND}",
    )
    action = f"{LMS}/nassij/governance/actions/{ITEM}"
    assert found == {
        "governance.assessment.opened": block,
        "governance.answer.saved": f"{block}?indicator_code=2.3",
        "governance.answers.completed": block,
        "governance.result.viewed": of_round,
        "governance.round.opened": of_round,
        "governance.round.moved": of_round,
        "governance.plan_item.added": action,
        "governance.plan_item.done": action,
        "governance.report.downloaded": f"{of_round}/reports/result",
        "lesson.started": lesson,
        "lesson.step.reached": f"{lesson}?step=why%20%26%20how",
        "lesson.self_check.answered": f"{lesson}?step=why%20%26%20how",
        "lesson.completed": lesson,
    }


def test_what_is_answered_on_a_page_is_a_question_of_its_round(made: dict[str, Any]) -> None:
    statement = made["statements"][len(EVENTS)]
    jsonschema.Draft202012Validator(STATEMENT).validate(statement)
    assert statement["object"]["id"] == f"{LMS}/nassij/governance/rounds/{ROUND}?indicator_code=2.3"


def test_a_question_and_a_step_are_parts_of_their_block_in_its_course(statements: dict[str, Any]) -> None:
    for name in ("governance.answer.saved", "lesson.step.reached", "lesson.self_check.answered"):
        around = statements[f"nassij.{name}"]["context"]["contextActivities"]
        assert [each["id"] for each in around["parent"]] == [statements[f"nassij.{name}"]["object"]["id"].split("?")[0]]
        assert [each["id"] for each in around["grouping"]] == [f"{LMS}/course/course-v1:Nassij+GOV2+ar"]


def test_results_say_right_or_wrong_and_done_also_when_it_is_wrong(statements: dict[str, Any]) -> None:
    results = {name.removeprefix("nassij."): statement.get("result") for name, statement in statements.items()}
    assert {name: result for name, result in results.items() if result} == {
        "governance.answers.completed": {"completion": True},
        "governance.plan_item.done": {"completion": True},
        "lesson.self_check.answered": {"success": False},
        "lesson.completed": {"completion": True},
    }


def test_fields_without_a_place_of_their_own_are_extensions(statements: dict[str, Any]) -> None:
    def extensions(name: str) -> dict[str, Any]:
        found = statements[f"nassij.governance.{name}"]["context"]["extensions"]
        prefix = f"{LMS}/nassij/xapi/extension/"
        return {key.removeprefix(prefix): value for key, value in found.items() if key.startswith(prefix)}

    assert extensions("answer.saved") == {"round-uuid": ROUND, "kind": "dont_know"}
    assert extensions("round.moved") == {
        "round-number": 2,
        "round-kind": "express",
        "instrument": "gov-ma",
        "from-state": "draft",
        "to-state": "submitted",
    }
    assert extensions("plan_item.added") == {"indicator-code": "2.3", "recommended": False}


def test_no_statement_names_the_person(statements: dict[str, Any]) -> None:
    text = json.dumps(statements)
    assert '"person"' not in text
    assert "10.0.0.1" not in text
