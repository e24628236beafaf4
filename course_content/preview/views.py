"""The pages of the preview: all units, one unit in its languages side by side, and one language of it as learners get it."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST
from xblock.django.request import django_to_webob_request, webob_to_django_response
from xblock.exceptions import NoSuchHandlerError
from xblock.runtime import DictKeyValueStore

from nassij.common.text import direction, plain

from ..model import Course, LessonUnit, QuizUnit, Run, Unit
from ..problems import Problem
from ..watching import Watched
from .runtime import block_of

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)


class Desk:
    """What is being written, and what was answered to it; set by the server before the first request."""

    watched: Watched
    language: str = "fr"
    answers: dict[tuple[str, str, str], DictKeyValueStore] = {}


def careful(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The author's language, and the headers of a careful site: the preview shows that lessons need nothing else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with translation.override(Desk.language):
            response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The courses and their units, and what is to correct."""
    courses = [
        {
            "course": course,
            "title": _own(course.titles),
            "sections": [
                {
                    "title": _own(section.titles),
                    "units": [{"code": unit.code, "title": _title(unit)} for unit in section.units],
                }
                for section in course.sections
            ],
        }
        for course in Desk.watched.checked().courses
    ]
    return _render(request, "home.html", {"courses": courses, "problems": _shown(_problems())})


@require_GET
def unit(request: HttpRequest, course: str, code: str) -> HttpResponse:
    """One unit, its languages side by side, each as wide as a phone."""
    found, current = _unit(course, code)
    units = found.units
    place = units.index(current)
    context = {
        "course": found,
        "code": code,
        "title": _title(current),
        "languages": [{"code": run.language, "direction": direction(run.language)} for run in found.runs],
        "previous": units[place - 1].code if place else "",
        "next": units[place + 1].code if place + 1 < len(units) else "",
        "problems": _shown(_problems()),
    }
    return _render(request, "unit.html", context)


@require_GET
def page(request: HttpRequest, course: str, code: str, language: str) -> HttpResponse:
    """One language of a unit, as the learner sees it."""
    found, current, run = _run(course, code, language)
    context: dict[str, Any] = {"language": language, "direction": direction(language), "title": _title(current)}
    if isinstance(current, LessonUnit) and language in current.lessons:
        fragment = _block(found, run, current, request).render("student_view", {"csrf_token": "preview"})
        resources = list(dict.fromkeys(fragment.resources))
        context |= {
            "body": fragment.body_html(),
            "styles": [r.data for r in resources if r.kind == "url" and r.mimetype == "text/css"],
            "scripts": [r.data for r in resources if r.kind == "url" and r.mimetype == "application/javascript"],
            "is_quiz": isinstance(current, QuizUnit),
            "again": f"/{course}/{code}/{language}/again/",
            "handlers": f"/{course}/{code}/{language}/handler/",
        }
    else:
        context["block"] = getattr(current, "block", "")
    return _render(request, "page.html", context)


@require_POST
def again(request: HttpRequest, course: str, code: str, language: str) -> HttpResponse:
    """Forget what was answered, and begin anew."""
    _run(course, code, language)
    Desk.answers.pop((course, code, language), None)
    return redirect(f"/{course}/{code}/{language}/")


@require_GET
def file(request: HttpRequest, course: str, code: str, language: str, name: str) -> HttpResponseBase:
    """A picture of the unit: one of those it shows, and nothing else."""
    _found, current, _language = _run(course, code, language)
    pictures = current.pictures.get(language, {}) if isinstance(current, LessonUnit) else {}
    path: Path | None = pictures.get(name)
    if path is None or not path.is_file():
        raise Http404
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FileResponse(path.open("rb"), content_type=kind)


def handler(request: HttpRequest, course: str, code: str, language: str, handler: str) -> HttpResponse:
    """A handler of the block, answered by the block itself."""
    found, current, run = _run(course, code, language)
    if not isinstance(current, LessonUnit):
        raise Http404
    block = _block(found, run, current, request)
    try:
        return webob_to_django_response(block.runtime.handle(block, handler, django_to_webob_request(request)))
    except NoSuchHandlerError as error:
        raise Http404 from error


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A unit that is not there, or not at the moment: what is wrong, until the source is right again."""
    response = _render(request, "missing.html", {"problems": _shown(_problems())})
    response.status_code = 404
    return response


@require_GET
def stamp(request: HttpRequest) -> JsonResponse:
    """A word that changes when a source does: pages ask for it and load themselves anew."""
    return JsonResponse({"stamp": _stamp()})


def _block(course: Course, run: Run, unit: LessonUnit, request: HttpRequest) -> Any:
    key = (course.code, unit.code, run.language)
    store = Desk.answers.setdefault(key, DictKeyValueStore())
    return block_of(course, run, unit, f"/{course.code}/{unit.code}/{run.language}/", store)


def _unit(course: str, code: str) -> tuple[Course, Unit]:
    for found in Desk.watched.checked().courses:
        for current in found.units:
            if (found.code, current.code) == (course, code):
                return found, current
    raise Http404


def _run(course: str, code: str, language: str) -> tuple[Course, Unit, Run]:
    found, current = _unit(course, code)
    for run in found.runs:
        if run.language == language:
            return found, current, run
    raise Http404


def _title(unit: Unit) -> str:
    """The title in the author's language, else in the first in which the unit can be read."""
    if isinstance(unit, LessonUnit):
        return plain(_own({language: lesson.title for language, lesson in unit.lessons.items()}) or unit.code)
    return _own(unit.titles) or unit.code


def _own(texts: Mapping[str, str]) -> str:
    return texts.get(Desk.language) or next(iter(texts.values()), "")


def _problems() -> tuple[Problem, ...]:
    checked = Desk.watched.checked()
    return (*checked.problems, *checked.dated)


def _shown(problems: tuple[Problem, ...]) -> list[dict[str, str]]:
    return [
        {
            "place": f"{problem.place.file}:{problem.place.line}:{problem.place.column}",
            "text": f"{problem.message(gettext)} {problem.remedy(gettext)}",
        }
        for problem in problems
    ]


def _stamp() -> str:
    return hashlib.sha256(repr(Desk.watched.stamp()).encode()).hexdigest()[:16]


def _render(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    shared = {"stamp": _stamp(), "author_language": Desk.language, "author_direction": direction(Desk.language)}
    return render(request, f"preview/{template}", shared | context)
