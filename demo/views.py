"""The pages of the demo: home, course, unit, and the door to the handlers of the blocks."""

from __future__ import annotations

import mimetypes
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.views import LoginView
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey
from web_fragments.fragment import Fragment
from xblock.django.request import django_to_webob_request, webob_to_django_response
from xblock.exceptions import NoSuchHandlerError

from demo import authoring, paths, people
from demo.courses import Catalogue, Course, Unit
from demo.progress import progress, remember_visit
from demo.runtime import DemoRuntime, is_trainer
from nassij.associations import api as associations
from nassij.common.errors import NotFound, error_page
from nassij.common.pages import frame, render_page

catalogue = Catalogue(paths.COURSES)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The courses as cards, where one was, the association in one line, and the people one may be here."""
    authoring.refresh()
    language = get_language()
    cards = [_card(request, course) for course in catalogue.courses().values()]
    cards.sort(key=lambda card: (card["course"].language != language, str(card["course"].key)))
    return render_page(
        request,
        "demo/home.html",
        {
            "cards": cards,
            "mine": _mine(request, language or "ar"),
            "assessment": _assessment(cards[0]["course"]) if cards else None,
            "people": people.groups(),
        },
    )


def _mine(request: HttpRequest, language: str) -> list[dict]:
    """The person's associations, each with what the apps say of it in a line."""
    if not request.user.is_authenticated:
        return []
    own = associations.memberships(user_id=request.user.pk)
    relations = [associations.Relation(association_id=each.association_id, is_member=True) for each in own]
    steps = associations.next_steps(relations=relations, language=language)
    return [{"membership": each, "steps": steps[each.association_id]} for each in own]


def _assessment(found: Course) -> str | None:
    """Where the course lets an association begin its self-assessment."""
    for each in found.units:
        if any(block.block_type == "nassij_governance" for block in each.blocks):
            return reverse("demo-unit", args=[found.key, each.code])
    return None


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page: said in the frame of our pages (the workbench brings an empty one)."""
    return error_page(request, NotFound())


def _card(request: HttpRequest, course: Course) -> dict:
    done = progress(request.user, course)
    return {
        "course": course,
        "units": len(course.units),
        "finished": done.finished(course),
        "started": bool(done.done or done.last_unit),
        "next": done.next_unit(course),
        "shares": [done.of(unit) for unit in course.units],
    }


@require_GET
def course(request: HttpRequest, course_key: str) -> HttpResponse:
    """The outline of a course with what is done."""
    found = _course(request, course_key)
    done = progress(request.user, found)
    sections = [
        {"section": section, "units": [{"unit": unit, "share": done.shown(unit)} for unit in section.units]}
        for section in found.sections
    ]
    return render_page(
        request,
        "demo/course.html",
        {"course": found, "sections": sections, "next": done.next_unit(found), "finished": done.finished(found)}
        | {"units": len(found.units), "problems": authoring.shown_problems() if is_trainer(request.user) else ()},
    )


def unit(request: HttpRequest, course_key: str, unit_code: str) -> HttpResponse:
    """One unit: its blocks as the platform would render them, and the way on."""
    found = _course(request, course_key)
    current = found.unit(unit_code)
    if current is None:
        raise Http404
    remember_visit(request.user, found, current)
    runtime = DemoRuntime(request.user, found)
    view = "student_view" if request.user.is_authenticated else "public_view"
    # As on the platform the runtime decides what a block's form needs; without script a form brings its own token.
    context = {"csrf_token": get_token(request), "next_url": request.get_full_path()}
    fragments = [runtime.get_block(block).render(view, context) for block in current.blocks]
    return _unit_page(request, found, current, fragments)


def _unit_page(request: HttpRequest, found: Course, current: Unit, fragments: list[Fragment]) -> HttpResponse:
    resources = list(dict.fromkeys(resource for fragment in fragments for resource in fragment.resources))
    units = found.units
    place = units.index(current)
    done = progress(request.user, found)
    return render_page(
        request,
        "demo/unit.html",
        {
            "course": found,
            "unit": current,
            "place": place + 1,
            "count": len(units),
            "bodies": [fragment.body_html() for fragment in fragments],
            "styles": [r.data for r in resources if r.kind == "url" and r.mimetype == "text/css"],
            "scripts": [r.data for r in resources if r.kind == "url" and r.mimetype == "application/javascript"],
            "outline": [{"unit": each, "done": done.of(each) >= 1, "here": each is current} for each in units],
            "previous": units[place - 1] if place else None,
            "next": units[place + 1] if place + 1 < len(units) else None,
            "problems": authoring.shown_problems() if is_trainer(request.user) else (),
        },
    )


@require_GET
def jump(request: HttpRequest, course_key: str, block_name: str) -> HttpResponse:
    """To the unit that is, or holds, the block of that name."""
    found = _course(request, course_key)
    for each in found.units:
        if each.code == block_name or any(block.block_id == block_name for block in each.blocks):
            return redirect("demo-unit", course_key, each.code)
    raise Http404


@require_GET
def asset(request: HttpRequest, course_key: str, name: str) -> HttpResponse:
    """A file of the course; names are flat, so nothing outside its folder can be asked for."""
    folder = _course(request, course_key).static
    if name not in {file.name for file in folder.iterdir()}:
        raise Http404
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse((folder / name).open("rb"), content_type=kind)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def handler(request: HttpRequest, usage_key: str, handler: str, suffix: str = "") -> HttpResponse:
    """A block's handler; a form posted without script comes back to the page it was sent from."""
    try:
        usage = UsageKey.from_string(usage_key)
    except InvalidKeyError as error:
        raise Http404 from error
    found = _course(request, str(usage.context_key))
    if found.unit_of(usage) is None:
        raise Http404
    runtime = DemoRuntime(request.user, found)
    block = runtime.get_block(usage)
    try:
        response = runtime.handle(block, handler, django_to_webob_request(request), suffix)
    except NoSuchHandlerError as error:
        raise Http404 from error
    return webob_to_django_response(response)


class SignIn(LoginView):
    """Django's own login, in the frame of our pages."""

    template_name = "demo/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **frame(self.request)}


@require_POST
def login_as(request: HttpRequest) -> HttpResponse:
    """Become one of the invented people with one tap; only they can be become."""
    chosen = people.person(request.POST.get("username", ""))
    if chosen is None:
        raise Http404
    user = get_user_model().objects.get(username=chosen.username)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    response = HttpResponseRedirect(reverse("dashboard"))
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen.language, samesite="Lax")
    return response


def _course(request: HttpRequest, course_key: str) -> Course:
    authoring.refresh()
    found = catalogue.courses().get(course_key)
    if found is None:
        raise Http404
    return found
