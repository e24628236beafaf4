"""`nassij_import_courses`: what it writes, what it leaves alone, and that half a course is never there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from course_content.importing import importer
from course_content.models import ImportedRun
from nassij import __version__
from tests.course_content import platform_double
from tests.course_content.platform_double import Platform
from tests.course_content.samples import SVG, Sources, both

AR, FR = "course-v1:Nassij+SMP1+ar", "course-v1:Nassij+SMP1+fr"
LESSON = "nassij_lesson@smp-s1-u1"
UNIT = "vertical@smp-s1-u1"

pytestmark = pytest.mark.django_db


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    return platform_double.install(monkeypatch)


class Run:
    """The command on the sample sources, and what it said."""

    def __init__(self, sources: Sources, capsys: pytest.CaptureFixture[str]) -> None:
        self.sources, self.capsys = sources, capsys
        self.out = self.err = ""

    def __call__(self, *arguments: str, lang: str = "en") -> int:
        code, message = 0, ""
        try:
            call_command("nassij_import_courses", "--sources", str(self.sources.root), "--lang", lang, *arguments)
        except CommandError as error:
            code, message = error.returncode, str(error)
        printed = self.capsys.readouterr()
        self.out, self.err = printed.out, printed.err + message
        return code

    def said(self, key: str) -> str:
        """What was said of a run: its line after the course's name, and the lines below."""
        found = re.search(rf"^{re.escape(key)}  sample \(..\): (.*?)(?=^course-v1|^So that|\Z)", self.out, re.M | re.S)
        assert found, self.out
        return found[1]


@pytest.fixture
def run(sources: Sources, capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(sources, capsys)


def test_new_courses_arrive_whole_and_published(run: Run, platform: Platform) -> None:
    assert run() == 0
    assert run.said(AR).startswith("imported, new")
    learners = platform.learners_see(FR)
    assert set(learners) == {
        "course@course", "chapter@s1-first", "sequential@s1-first-lessons", UNIT, LESSON,
        "vertical@smp-s1-u2", "nassij_governance@smp-s1-u2", "about@overview", "about@short_description",
    }  # fmt: skip
    assert learners["course@course"].fields["display_name"] == "Cours"
    assert "QUESTION" not in learners[LESSON].fields["olx"]
    assert [str(key) for key in platform.published] == [AR, FR]
    assert {str(key) for key in platform.forums} == {AR, FR}
    record = ImportedRun.objects.get(course_key=FR)
    assert record.version == __version__
    assert record.imported_at is not None
    assert record.started_at is None
    assert len(record.content["files"]) == 2


def test_a_second_run_writes_nothing(run: Run, platform: Platform) -> None:
    run()
    writes, record = platform.store.writes, ImportedRun.objects.values().get(course_key=AR)
    published = len(platform.published)
    assert run() == 0
    assert run("--force") == 0
    assert run.said(AR).startswith("unchanged, nothing written")
    assert (platform.store.writes, len(platform.published)) == (writes, published)
    assert ImportedRun.objects.values().get(course_key=AR) == record


def test_a_corrected_sentence_is_the_only_thing_that_changes(run: Run, platform: Platform) -> None:
    run()
    before = platform.learners_see(FR)
    run.sources.edit("fr.md", "TEXT with", "Un autre texte avec")
    assert run() == 0
    assert run.said(AR).startswith("unchanged")
    assert run.said(FR).startswith("imported, updated")
    after = platform.learners_see(FR)
    assert set(after) == set(before)
    assert {name for name in after if after[name].fields != before[name].fields} == {LESSON}
    assert "Un autre texte" in after[LESSON].fields["olx"]


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(run: Run, platform: Platform) -> None:
    assert run("--dry-run") == 0
    assert run.said(FR).startswith("would be imported, new")
    assert (platform.store.writes, ImportedRun.objects.count()) == (0, 0)
    run()
    writes = platform.store.writes
    both("TEXT with", "Texte")(run.sources)
    assert run("--dry-run") == 0
    assert run.said(FR).startswith("would be updated")
    platform.edit(FR, LESSON, display_name="À moi")
    writes += 1
    assert run("--dry-run") == 3
    assert run("--dry-run", "--force") == 0
    assert "These edits would be overwritten:" in run.said(FR)
    assert platform.store.writes == writes


Author = Any
EDITS: list[tuple[str, Author, str]] = [
    ("text", lambda p: p.edit(FR, LESSON, olx="<step/>"), f"changed: Leçon : une ({LESSON}), 2026-11-20 14:03, amina"),
    ("title", lambda p: p.edit(FR, UNIT, display_name="Mieux"), f"changed: Mieux ({UNIT}), 2026-11-20 14:03, amina"),
    ("hidden", lambda p: p.edit(FR, UNIT, visible_to_staff_only=True), f"changed: Leçon : une ({UNIT})"),
    ("course", lambda p: p.edit(FR, "course", display_name="Notre cours"), "changed: Notre cours (course)"),
    ("about", lambda p: p.edit(FR, "about@overview", data="<p>Nous</p>"), "changed: overview (about@overview)"),
    ("added", lambda p: p.add(FR, UNIT, "html@x", display_name="Note"), "added: Note (html@x)"),
    ("removed", lambda p: p.remove(FR, UNIT, LESSON), f"removed: Leçon : une ({LESSON})"),
    ("picture", lambda p: p.upload(FR, "smp-s1-u1_way.fr.svg", b"<svg/>"), "changed: smp-s1-u1_way.fr.svg"),
]


@pytest.mark.parametrize(("author", "line"), [edit[1:] for edit in EDITS], ids=[edit[0] for edit in EDITS])
def test_what_an_author_did_in_studio_is_listed_and_left_alone(
    run: Run, platform: Platform, author: Author, line: str
) -> None:
    get_user_model().objects.create(pk=7, username="amina")
    run()
    author(platform)
    before = platform.state()
    both("TEXT with", "Texte")(run.sources)
    assert run() == 3
    assert run.said(FR).startswith("left as it is: it was edited in Studio")
    assert line in run.said(FR)
    assert "--force" in run.err
    assert run.said(AR).startswith("imported, updated")  # each run for itself
    after = platform.state()
    assert after[0][FR] == before[0][FR]
    assert {name: data for name, data in after[1].items() if "+fr+" in name} == {
        name: data for name, data in before[1].items() if "+fr+" in name
    }
    assert run("--force") == 0
    assert "These edits were overwritten:" in run.said(FR)
    assert line in run.said(FR)
    assert "Texte" in platform.learners_see(FR)[LESSON].fields["olx"]
    assert run() == 0
    assert run.said(FR).startswith("unchanged, nothing written")


def test_an_edit_is_named_even_when_there_is_nothing_to_import(run: Run, platform: Platform) -> None:
    run()
    platform.edit(FR, LESSON, olx="<step/>")
    writes = platform.store.writes
    assert run() == 0
    assert run.said(FR).startswith("unchanged, nothing written\n  Edited in Studio since")
    assert platform.store.writes == writes
    assert run("--force") == 0
    assert "<step/>" not in platform.learners_see(FR)[LESSON].fields["olx"]


def test_an_edit_that_was_taken_back_is_none(run: Run, platform: Platform) -> None:
    run()
    was = platform.learners_see(FR)[UNIT].fields["display_name"]
    platform.edit(FR, UNIT, display_name="Autre")
    platform.edit(FR, UNIT, display_name=was)
    both("TEXT with", "Texte")(run.sources)
    assert run() == 0


def test_dates_enrolment_and_grading_stay_the_operators(run: Run, platform: Platform) -> None:
    run()
    platform.edit(
        FR, "course", start="2027-01-15T08:00:00Z", invitation_only=True, grading_policy={"GRADER": [], "GRADE_CUTOFFS": {}},
        advanced_modules=["poll", "nassij_lesson"],
    )  # fmt: skip
    both("TEXT with", "Texte")(run.sources)
    assert run() == 0
    course = platform.learners_see(FR)["course@course"].fields
    assert (course["start"], course["invitation_only"]) == ("2027-01-15T08:00:00Z", True)
    assert course["grading_policy"] == {"GRADER": [], "GRADE_CUTOFFS": {}}
    assert course["advanced_modules"] == ["poll", "nassij_lesson", "nassij_governance"]
    assert course["display_name"] == "Cours"


def test_a_course_of_somebody_else_is_not_taken_over(run: Run, platform: Platform) -> None:
    run()
    ImportedRun.objects.all().delete()
    both("TEXT with", "Texte")(run.sources)
    before = platform.state()
    assert run() == 3
    assert run.said(FR).startswith("left as it is: it was there before")
    assert platform.state() == before
    assert run("--force") == 0
    assert ImportedRun.objects.count() == 2


def test_a_course_deleted_in_studio_comes_back(run: Run, platform: Platform) -> None:
    run()
    platform.store.index.clear()
    assert run() == 0
    assert run.said(FR).startswith("imported, new")


@pytest.mark.parametrize("there", [False, True], ids=["new", "update"])
def test_what_the_platform_fails_at_leaves_no_half_course(run: Run, platform: Platform, there: bool) -> None:
    if there:
        run()
    before, records = platform.state(), list(ImportedRun.objects.order_by("course_key").values())
    both("TEXT with", "Texte")(run.sources)
    (run.sources.unit / "assets/way.fr.svg").write_text(SVG.replace("h9", "h8"), "utf-8")
    platform.fail_at = "smp-s1-u2"
    assert run() == 4
    assert run.said(FR).startswith("not imported: the platform failed, the course is as it was before")
    assert "Failed to import block: smp-s1-u2" in run.said(FR)
    assert "Traceback" not in run.out + run.err
    assert platform.state() == before
    assert list(ImportedRun.objects.order_by("course_key").values()) == records
    platform.fail_at = None
    assert run() == 0
    assert "Texte" in platform.learners_see(FR)[LESSON].fields["olx"]


def test_what_arrives_incomplete_is_taken_back(run: Run, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = platform.import_course_from_xml

    def loses_a_unit(*args: Any, **kwargs: Any) -> Any:
        done = whole(*args, **kwargs)
        platform.remove(str(kwargs["target_id"]), "sequential@s1-first-lessons", "vertical@smp-s1-u2")
        return done

    module = __import__("sys").modules["xmodule.modulestore.xml_importer"]
    monkeypatch.setattr(module, "import_course_from_xml", loses_a_unit)
    assert run() == 4
    assert "not all of it arrived: nassij_governance@smp-s1-u2, vertical@smp-s1-u2" in run.said(FR)
    assert platform.store.index == {}
    assert not ImportedRun.objects.exists()


def test_a_block_the_platform_does_not_know_stops_it_before_anything_is_written(run: Run, platform: Platform) -> None:
    platform.xml_store.unknown.add("nassij_governance")  # type: ignore[attr-defined]
    assert run() == 4
    assert "no such block is installed here: nassij_governance" in run.said(FR)
    assert run("--dry-run") == 4
    assert platform.store.writes == 0


def test_wrong_sources_stop_it_before_the_platform_is_touched(run: Run, platform: Platform) -> None:
    run.sources.edit("fr.md", "facts: [A1.1]", "facts: [A9.9]")
    assert run() == 1
    assert "fr.md:" in run.err
    assert platform.store.writes == 0


def test_only_names_the_courses(run: Run, platform: Platform) -> None:
    assert run("--only", "sample") == 0
    assert run("--only", "other") == 1
    assert "There is no course other." in run.err


def test_the_site_decides_where_the_runs_are(run: Run, platform: Platform, settings: Any) -> None:
    settings.NASSIJ_COURSE_ORG = "Region"
    settings.NASSIJ_COURSE_RUNS = {"sample": {"fr": "course-v1:MS+GOV+2026.fr"}}
    assert run() == 0
    assert {str(key) for key in platform.store.index} == {"course-v1:Region+SMP1+ar", "course-v1:MS+GOV+2026.fr"}
    assert '{"sample": {"ar": "course-v1:Region+SMP1+ar"}}' in run.out  # what is left to name, for links
    settings.NASSIJ_COURSE_RUNS = {"sample": {"ar": AR, "fr": AR}}
    assert run() == 1
    assert f"Two courses would be imported into {AR}." in run.err


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("NASSIJ_COURSE_ORG", "La Région", "course-v1:La Région+SMP1+ar"),
        ("NASSIJ_COURSE_RUNS", {"sample": {"ar": "Nassij/SMP1/ar"}}, "Nassij/SMP1/ar"),
    ],
)
def test_a_key_that_cannot_be_one_is_named(
    run: Run, platform: Platform, settings: Any, name: str, value: Any, named: str
) -> None:
    setattr(settings, name, value)
    assert run() == 1
    assert f"{named} cannot be the key of a course." in run.err
    assert platform.store.writes == 0


def test_a_key_that_differs_in_capitals_is_refused(run: Run, platform: Platform, settings: Any) -> None:
    run()
    settings.NASSIJ_COURSE_ORG = "nassij"
    before = platform.state()
    assert run() == 4
    assert f"capital letters only\n    {FR}" in run.out
    assert platform.state() == before


def test_two_at_once_do_not_write_the_same_run(run: Run, platform: Platform) -> None:
    run()
    both("TEXT with", "Texte")(run.sources)
    ImportedRun.objects.update(started_at=timezone.now() - timedelta(minutes=1))
    writes = platform.store.writes
    assert run() == 3
    assert run.said(FR).startswith("left as it is: another import")
    assert platform.store.writes == writes
    ImportedRun.objects.update(started_at=timezone.now() - importer.PATIENCE - timedelta(minutes=1))
    assert run() == 0


@pytest.mark.parametrize("there", [False, True], ids=["new", "update"])
def test_an_import_that_was_cut_short_is_done_again(
    run: Run, platform: Platform, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    if there:
        run()
    both("TEXT with", "Texte")(run.sources)
    with monkeypatch.context() as dying:
        dying.setattr(importer.Studio, "_published", _killed)
        with pytest.raises(KeyboardInterrupt):
            run("--force")
    run.capsys.readouterr()
    ImportedRun.objects.filter(started_at__isnull=False).update(started_at=timezone.now() - timedelta(hours=1))
    assert run() == 0
    assert run() == 0
    assert run.said(AR).startswith("unchanged, nothing written")
    assert "Texte" in platform.learners_see(AR)[LESSON].fields["olx"]


def _killed(self: importer.Studio, key: object) -> None:
    raise KeyboardInterrupt


def during_the_check(monkeypatch: pytest.MonkeyPatch, author: Author) -> None:
    """Let somebody be at work in Studio while a run is checked."""
    check = importer.Studio.check

    def checked(self: importer.Studio, folder: Any, key: Any) -> frozenset[str]:
        found = check(self, folder, key)
        if str(key) == FR:
            author()
        return found

    monkeypatch.setattr(importer.Studio, "check", checked)


@pytest.mark.parametrize(("author", "line"), [edit[1:] for edit in EDITS], ids=[edit[0] for edit in EDITS])
def test_what_an_author_saves_during_the_check_is_left_alone(
    run: Run, platform: Platform, monkeypatch: pytest.MonkeyPatch, author: Author, line: str
) -> None:
    get_user_model().objects.create(pk=7, username="amina")
    run()
    record = ImportedRun.objects.values().get(course_key=FR)
    both("TEXT with", "Texte")(run.sources)
    with monkeypatch.context() as busy:
        during_the_check(busy, lambda: author(platform))
        assert run() == 3
    assert line in run.said(FR)
    assert "Texte" not in str(platform.learners_see(FR))
    assert ImportedRun.objects.values().get(course_key=FR) == record
    assert run("--force") == 0
    assert line in run.said(FR)


def test_what_is_overwritten_by_force_is_named_even_when_it_was_saved_during_the_check(
    run: Run, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    both("TEXT with", "Texte")(run.sources)
    during_the_check(monkeypatch, lambda: platform.edit(FR, LESSON, olx="<step/>"))
    assert run("--force") == 0
    assert f"changed: Leçon : une ({LESSON})" in run.said(FR)


def test_a_date_set_during_the_check_stays(run: Run, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    both("TEXT with", "Texte")(run.sources)
    during_the_check(monkeypatch, lambda: platform.edit(FR, "course", start="2027-01-15T08:00:00Z"))
    assert run() == 0
    assert platform.learners_see(FR)["course@course"].fields["start"] == "2027-01-15T08:00:00Z"
    assert "Texte" in platform.learners_see(FR)[LESSON].fields["olx"]


def test_a_course_made_during_the_check_is_somebody_elses(
    run: Run, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    kept = platform.store.index.pop(platform.published[-1])
    ImportedRun.objects.filter(course_key=FR).delete()
    during_the_check(monkeypatch, lambda: platform.store.index.update({platform.published[-1]: kept}))
    writes = platform.store.writes
    assert run() == 3
    assert run.said(FR).startswith("left as it is: it was there before")
    assert platform.store.writes == writes
    assert not ImportedRun.objects.filter(course_key=FR).exists()


def test_an_import_cut_short_is_still_known_as_such_after_one_that_failed(run: Run, platform: Platform) -> None:
    run()
    both("TEXT with", "Texte")(run.sources)
    cut_short = timezone.now() - timedelta(hours=1)
    ImportedRun.objects.filter(course_key=FR).update(started_at=cut_short)
    platform.edit(FR, LESSON, user_id=platform_double.MGMT_COMMAND, olx="<half/>")
    platform.fail_at = "smp-s1-u2"
    assert run() == 4
    assert ImportedRun.objects.get(course_key=FR).started_at == cut_short
    platform.fail_at = None
    assert run() == 0
    assert "Texte" in platform.learners_see(FR)[LESSON].fields["olx"]


def test_outside_of_studio_it_says_where_to_run_it(run: Run) -> None:
    assert run() == 1
    assert "./manage.py cms nassij_import_courses" in run.err


@pytest.mark.parametrize(
    ("lang", "said"), [("fr", "importé, nouveau"), ("ar", "تم الاستيراد، جديد"), ("en", "imported, new")]
)
def test_it_speaks_the_operators_language(run: Run, platform: Platform, lang: str, said: str) -> None:
    assert run(lang=lang) == 0
    assert run.said(FR).startswith(said)
