"""Forms sent from where the platform shows one unit alone lead back into the course, and everything else where it came from."""

import pytest
from django.test import override_settings
from django.urls import path
from webob import Request

from governance_assessment.models import Round
from tests import urls as small_lms
from tests.xblocks.governance.runtimes import COURSE_KEY, LIBRARY_KEY, in_library, post_form
from tests.xblocks.governance.test_handlers import form_of
from tests.xblocks.lesson.samples import Bench, make_block
from tests.xblocks.lesson.test_handlers import FORM
from tests.xblocks.lesson.test_handlers import post_form as post_lesson

pytestmark = pytest.mark.django_db

# The name and the parts of the platform's address, as in lms/urls.py.
urlpatterns = [
    *small_lms.urlpatterns,
    path("courses/<course_id>/jump_to/<path:location>", lambda request, **parts: None, name="jump_to"),
]
ALONE = "http://localhost/xblock/block-v1:Nassij+GOV+2027+type@vertical+block@u?show_title=0&view=student_view"
IN_COURSE = f"/courses/course-v1:Nassij+GOV+2027/jump_to/{COURSE_KEY}"


@pytest.fixture
def platform():
    with override_settings(ROOT_URLCONF=__name__):
        yield


def chosen(block):
    return {"association": str(block.memberships()[0].association_id)}


@pytest.mark.parametrize("handler", ["begin", "choose"])
def test_a_small_form_of_the_framed_unit_leads_to_the_unit_in_its_course(platform, handler, instrument, member):
    block = in_library(member)

    response = post_form(block, handler, chosen(block), referer=ALONE)

    assert (response.status_code, response.location) == (303, IN_COURSE)
    assert Round.objects.exists() == (handler == "begin")


def test_the_whole_sheet_of_the_framed_unit_does_too(platform, express_round, member):
    block = in_library(member)
    response = post_form(block, "sheet_form", form_of(block, **{"a-1.1": "3"}), referer=ALONE)

    assert (response.status_code, response.location) == (303, IN_COURSE)


def test_so_do_the_pages_of_their_own(platform, express_round, member):
    block = in_library(member)
    refused = post_form(block, "choose", {"association": "0"}, referer=ALONE)
    result = block.handle("result", Request.blank("/", headers={"Referer": ALONE}))

    assert refused.status_code == 404
    assert all(f'href="{IN_COURSE}"' in page.text for page in (refused, result))
    assert "/xblock/block" not in refused.text + result.text


def test_so_does_a_lesson(platform):
    reply = post_lesson(
        make_block(runtime=Bench()), "answer_form", FORM, Referer=ALONE.replace("localhost", "lms.test")
    )

    assert reply.status_code == 303
    assert reply.location.split("/courses/")[1].startswith("course-v1:Nassij+")


@pytest.mark.parametrize(
    "page",
    [
        "/courses/course-v1:Nassij+GOV+2027/courseware/s1/lessons/",  # the LMS's own courseware
        "/scenario/governance/",  # the workbench
    ],
)
def test_from_a_page_with_the_course_round_it_a_form_leads_back_to_that_page(platform, page, instrument, member):
    block = in_library(member)
    response = post_form(block, "begin", chosen(block), referer=f"http://localhost{page}?a=1")

    assert response.location == f"{page}?a=1#{block.uid}"


def test_outside_courses_and_the_platform_there_is_only_the_page_itself(instrument, member):
    for usage, urls in ((LIBRARY_KEY, __name__), (COURSE_KEY, "tests.urls")):
        with override_settings(ROOT_URLCONF=urls):
            block = in_library(member, usage)
            response = post_form(block, "begin", chosen(block), referer="http://localhost/xblock/unit")
        assert response.location == f"/xblock/unit#{block.uid}"
