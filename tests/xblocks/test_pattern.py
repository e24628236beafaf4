"""Pages written once and filled in, and the keys that things are kept by."""

import copy

import pytest
from django.template import Context, Engine
from django.test import modify_settings

from xblocks.common.doors import installed
from xblocks.common.kept import Same, spelling
from xblocks.common.pattern import MARK, Pattern, Slots


def pattern(template: str, **context) -> Pattern:
    return Pattern.of(Engine().from_string(template).render(Context({"slot": Slots(), **context})))


def test_slots_are_filled_and_stay_empty_for_the_next():
    written = pattern('<p id="{{ slot.uid }}"{{ slot.done }}>{{ slot.text }}</p>{{ slot.uid }}')
    assert written.fill({"uid": "a", "done": " hidden", "text": "<b>x</b>"}) == '<p id="a" hidden><b>x</b></p>a'
    assert written.fill({"uid": "b"}) == '<p id="b"></p>b'


def test_each_part_of_a_page_has_slots_of_its_own():
    written = pattern(
        "{% for part in parts %}<li{{ part.done }}>{% endfor %}", parts=[Slots().of(code) for code in ("1", "2.1")]
    )
    assert written.fill({"done 2.1": " class=done"}) == "<li><li class=done>"


def test_a_part_can_be_left_out_with_the_slots_in_it():
    written = pattern(
        "a{{ slot.begin.form }}<form>{{ slot.text }}</form>{{ slot.end.form }}b"
        "{{ part.begin.form }}<i>{{ part.end.form }}",
        part=Slots().of("7"),
    )
    assert written.fill({"text": "x"}) == "a<form>x</form>b<i>"
    assert written.fill({"text": "x"}, without=["form"]) == "ab<i>"
    assert written.fill({"text": "x"}, without=["form 7"]) == "a<form>x</form>b"
    assert written.fill({"text": "y"}) == "a<form>y</form>b<i>"
    with pytest.raises(KeyError):
        written.fill({}, without=["another"])


def test_text_that_looks_like_a_marker_makes_no_slot():
    forged = "\x01csrf\x01" + "\x01" + "0" * 16 + "\x01csrf\x01" + "0" * 16 + "\x01"
    written = pattern("<p>{{ text }}</p>{{ slot.csrf }}", text=forged)
    assert written.fill({"csrf": "SECRET"}) == f"<p>{forged}</p>SECRET"
    assert len(MARK) > 16


def test_equal_contents_are_spelt_alike_whatever_they_share():
    text = "نص" * 10
    shared, apart = {"a": text, "b": [text, text]}, {"a": "".join(list(text)), "b": [text, "".join(list(text))]}
    assert spelling(shared) == spelling(apart) == spelling(copy.deepcopy(shared))


@pytest.mark.parametrize("other", [{"a": "2"}, {"a": True}, {"a": 1.0}, {"b": 1}, {"a": 1, "b": None}, {"a": [1]}])
def test_other_contents_are_spelt_otherwise(other):
    assert spelling({"a": 1}) != spelling(other)


def test_what_is_not_plain_has_no_spelling():
    assert spelling({"a": object()}) is None
    assert spelling(type("Own", (dict,), {})()) is None


def test_same_is_the_object_not_its_value():
    one, other = {"a": 1}, {"a": 1}
    assert Same(one) == Same(one) and hash(Same(one)) == hash(Same(one))
    assert Same(one) != Same(other) and Same(one) != one


def test_other_installed_apps_are_seen_at_once():
    assert installed("nassij.common") and not installed("django.contrib.humanize")
    with modify_settings(INSTALLED_APPS={"append": "django.contrib.humanize"}):
        assert installed("django.contrib.humanize")
    assert installed("nassij.common") and not installed("django.contrib.humanize")
