"""The preview: the real block, each language beside the other, and what is wrong said where the author looks."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client, override_settings

from course_content.__main__ import main
from course_content.preview.settings import SETTINGS
from course_content.preview.views import Desk
from course_content.watching import Watched
from tests.course_content.samples import Sources, with_quiz

UNIT = "/sample/smp-s1-u1/"
OURS = ("INSTALLED_APPS", "MIDDLEWARE", "ROOT_URLCONF", "TEMPLATES")


@pytest.fixture
def author(sources: Sources) -> Iterator[Client]:
    """A trainer's browser in front of the preview of the sample."""
    Desk.watched, Desk.language, Desk.answers = Watched(sources.root), "fr", {}
    with override_settings(**{name: SETTINGS[name] for name in OURS}):
        yield Client()


def answer(author: Client, language: str, choice: str) -> dict:
    sent = {"check": "check", "choices": [choice], "operation_id": uuid.uuid4().hex}
    response = author.post(f"{UNIT}{language}/handler/answer/", json.dumps(sent), content_type="application/json")
    assert response.status_code == 200, response.content
    return response.json()


def test_the_languages_stand_side_by_side(author: Client) -> None:
    page = author.get(UNIT).content.decode()
    assert page.count("<iframe") == 2
    for language, direction, words in (("ar", "rtl", "درس: أول"), ("fr", "ltr", "Leçon : une")):
        assert f'src="{UNIT}{language}/"' in page
        shown = author.get(f"{UNIT}{language}/").content.decode()
        assert f'<html lang="{language}" dir="{direction}"' in shown and words in shown
        assert f"{UNIT}{language}/files/smp-s1-u1_way.{language}.svg" in shown


def test_what_a_learner_answers_is_judged_and_kept_until_it_is_to_be_forgotten(author: Client) -> None:
    assert "WELL DONE" not in author.get(f"{UNIT}fr/").content.decode()
    assert "WELL DONE" in answer(author, "fr", "a")["html"]
    assert "WELL DONE" in author.get(f"{UNIT}fr/").content.decode()
    assert "WELL DONE" not in author.get(f"{UNIT}ar/").content.decode()
    assert author.post(f"{UNIT}fr/again/").status_code == 302
    assert "WELL DONE" not in author.get(f"{UNIT}fr/").content.decode()


def test_a_changed_source_is_shown_at_the_next_look(author: Client, sources: Sources) -> None:
    before = author.get("/stamp/").json()["stamp"]
    assert author.get("/stamp/").json()["stamp"] == before
    sources.edit("fr.md", "TEXT", "Un texte plus clair")
    assert author.get("/stamp/").json()["stamp"] != before
    assert "Un texte plus clair" in author.get(f"{UNIT}fr/").content.decode()


def test_a_mistake_is_named_and_the_other_language_still_shown(author: Client, sources: Sources) -> None:
    sources.edit("fr.md", "minutes: 5", "minutes: cinq")
    page = author.get(UNIT).content.decode()
    assert "fr.md:6:10" in page and "<iframe" in page
    assert "درس: أول" in author.get(f"{UNIT}ar/").content.decode()
    assert "nassij-lesson" not in author.get(f"{UNIT}fr/").content.decode()
    sources.edit("ar.md", "minutes: 5", "minutes: x")
    gone = author.get(UNIT)
    assert gone.status_code == 404 and "ar.md:6:10" in gone.content.decode() and "preview.js" in gone.content.decode()


def test_a_quiz_shows_its_questions_and_another_block_says_where_it_is_seen(author: Client, sources: Sources) -> None:
    with_quiz(sources)
    assert 'data-step="second"' in author.get("/sample/smp-s1-q1/ar/").content.decode()
    assert "make demo" in author.get("/sample/smp-s1-u2/ar/").content.decode()
    home = author.get("/").content.decode()
    assert all(f"/sample/{code}/" in home for code in ("smp-s1-u1", "smp-s1-q1", "smp-s1-u2"))


@pytest.mark.parametrize(
    "path",
    ["/sample/gone/", "/gone/smp-s1-u1/", f"{UNIT}de/", f"{UNIT}fr/files/fr.md", f"{UNIT}fr/handler/nothing/"],
)
def test_there_is_nothing_but_the_units_and_their_pictures(author: Client, path: str) -> None:
    assert author.get(path).status_code == 404


def test_pictures_come_as_pictures_and_pages_hold_no_script_of_their_own(author: Client) -> None:
    picture = author.get(f"{UNIT}fr/files/smp-s1-u1_way.fr.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml" and b"".join(picture).startswith(b"<svg")
    page = author.get(f"{UNIT}fr/")
    assert "script-src" not in page.headers["Content-Security-Policy"]  # so that default-src 'self' holds for scripts
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_a_port_that_is_taken_is_one_clear_line(
    sources: Sources, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*_arguments: object) -> None:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr("course_content.preview.server.make", taken)
    assert main(["preview", "--sources", str(sources.root), "--lang", "en", "--port", "80"]) == 1
    assert capsys.readouterr().err == (
        "The preview cannot start: [Errno 98] Address already in use. Choose another port with --port.\n"
    )


def test_what_is_watched_is_read_once_for_each_change(tmp_path: Path, sources: Sources) -> None:
    seen: list[int] = []
    watched = Watched(sources.root, lambda checked: seen.append(len(checked.courses)))
    assert watched.checked() is watched.checked()
    (sources.root / "guides.yaml").write_text(sources.path("guides.yaml").read_text("utf-8") + "# more\n", "utf-8")
    watched.checked()
    assert seen == [1, 1]
