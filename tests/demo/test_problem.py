"""A graded question in the demo: shown, never graded, and in nobody's way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from course_content.compiler import build, check
from tests.course_content.samples import Sources, with_quiz

# In a process of its own: the demo has settings, apps and models of its own.
LOOK = """
import json, sys
from pathlib import Path
import django
django.setup()
from django.contrib.auth.models import AnonymousUser
from demo.courses import CourseReader
from demo.progress import Progress
from demo.runtime import DemoRuntime
course = CourseReader(Path(sys.argv[1])).read()
unit = course.unit("smp-s1-q1")
runtime = DemoRuntime(AnonymousUser(), course)
pages = [runtime.get_block(block).render("student_view").body_html() for block in unit.blocks]
nobody = Progress({}, None)
print(json.dumps({"pages": pages, "done": nobody.of(unit), "next": nobody.next_unit(course).code}))
"""


def test_a_quiz_shows_its_questions_and_a_key_in_a_fold(tmp_path: Path) -> None:
    sources = Sources(tmp_path / "sources")
    with_quiz(sources)
    run = next(run for run in build(check(sources.root), tmp_path / "out") if run.language == "fr")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "demo.settings", "NASSIJ_DEMO_DATA": str(tmp_path / "demo")}
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOOK, str(run.folder)],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    seen = json.loads(told.stdout)
    assert len(seen["pages"]) == 2 and all('lang="fr" dir="ltr"' in page for page in seen["pages"])
    question, key = seen["pages"][0].split("<details>")
    assert "Question ?" in question and "YES" in question and "WELL DONE" not in question
    assert "✓" in key and "WELL DONE" in key and "LOOK AGAIN" in key
    assert (seen["done"], seen["next"]) == (1.0, "smp-s1-u1")
