"""OLX: exact both ways, in courses and in content libraries."""

import pytest
from hypothesis import given, settings
from lxml import etree
from xblock.core import XML_NAMESPACES

from tests.xblocks.lesson.samples import LESSON, Bench, LibraryRuntime, course_ids, lessons, library_ids, make_block
from xblocks.lesson import olx
from xblocks.lesson.model import Lesson, LessonError, TextStep
from xblocks.lesson_block import LessonBlock


def exported(block: LessonBlock) -> bytes:
    """As the platform writes a block: pretty-printed, in UTF-8."""
    node = etree.Element("unknown", nsmap=XML_NAMESPACES)
    block.add_xml_to_node(node)
    return etree.tostring(node, pretty_print=True, encoding="utf-8", xml_declaration=True)


def parsed(xml: bytes, runtime=None, ids=None) -> LessonBlock:
    """As the platform reads it: blank text removed."""
    node = etree.fromstring(xml, etree.XMLParser(remove_blank_text=True, resolve_entities=False))
    return LessonBlock.parse_xml(node, runtime or Bench(), ids or course_ids())


@settings(max_examples=200, deadline=None)
@given(lessons)
def test_parse_of_export_is_the_same_block(lesson: Lesson) -> None:
    block = make_block(lesson)
    again = parsed(exported(block))
    assert again.lesson == block.lesson == lesson
    assert again.content == block.content
    assert exported(again) == exported(block)


@settings(max_examples=100, deadline=None)
@given(lessons)
def test_the_same_in_a_content_library(lesson: Lesson) -> None:
    block = make_block(lesson, LibraryRuntime(), library_ids())
    assert parsed(exported(block), LibraryRuntime(), library_ids()).lesson == lesson


@pytest.mark.parametrize("bad", ["\u202e", "\u2066", "\x7f", "\ufdd0"])
def test_characters_that_hide_or_reorder_are_cleaned_on_the_way_in(bad: str) -> None:
    block = parsed(f'<nassij_lesson><text id="s" title="ti{bad}tle">bo{bad}dy</text></nassij_lesson>'.encode())
    assert block.lesson.steps == (TextStep("s", "title", "body"),)


def test_a_lesson_made_by_hand_with_such_characters_is_refused() -> None:
    with pytest.raises(LessonError, match="cannot carry"):
        olx.write(Lesson(title="x", steps=(TextStep("s", "t", "nul\x00"),)), etree.Element("nassij_lesson"))


def test_the_lesson_stands_inline_with_its_settings() -> None:
    node = etree.fromstring(exported(make_block()))
    assert node.tag == "nassij_lesson"
    assert dict(node.attrib) | {"display_name": LESSON.title} == dict(node.attrib)
    assert (node.get("language"), node.get("minutes"), node.get("checked_on")) == ("ar", "6", "2026-11-23")
    assert [child.tag for child in node][:3] == ["objective", "text", "self-check"]
    assert not (node.text or "").strip()


def test_a_learners_progress_is_not_exported() -> None:
    block = make_block()
    block.progress = {"visited": ["why"], "here": "why", "answers": {}}
    assert b"progress" not in exported(block)


def test_unknown_attributes_survive_and_places_do_not() -> None:
    xml = b'<nassij_lesson url_name="u" xblock-family="xblock.v1" display_name="d" x_new="1" schema="1"/>'
    block = parsed(xml)
    assert dict(block.lesson.extra) == {"x_new": "1"}
    assert b'x_new="1"' in exported(block)
    assert b"url_name" not in exported(block)


UNKNOWN = """<nassij_lesson x_all="0"><text id="a" x_note="1">b</text><media id="c" x_note="2"><file src=""/></media>
<file id="d" x_note="3"><file src=""/></file><self-check id="e" x_note="4"><choice id="a" x_note="5"/></self-check>
<reflection id="f" x_note="6">g</reflection><field-practice id="h" x_note="7" {urn:x}y="8">i</field-practice></nassij_lesson>"""


def test_unknown_attributes_survive_on_every_kind_of_step_and_on_choices() -> None:
    xml = UNKNOWN.replace("{urn:x}y", 'xmlns:n="urn:x" n:y')
    block = parsed(xml.encode())
    again = etree.fromstring(exported(block))
    assert again.xpath("//*/@x_note") == list("1234567") and again.get("x_all") == "0"
    assert again.find("field-practice").get("{urn:x}y") == "8"
    assert parsed(exported(block)).lesson == block.lesson


def test_settings_of_the_block_and_options_are_its_own() -> None:
    xml = (
        f'<nassij_lesson xmlns:option="{XML_NAMESPACES["option"]}" tags="[&quot;a&quot;]">'
        '<option:display_name none="true"/><!-- a comment --><text id="s">x</text></nassij_lesson>'
    ).encode()
    block = parsed(xml)
    assert (block.tags, block.display_name, block.lesson.title) == (["a"], None, "")
    assert len(block.lesson.steps) == 1
    assert parsed(exported(block)).display_name is None


@pytest.mark.parametrize(
    ("xml", "named"),
    [
        (b'<nassij_lesson schema="2"/>', "schema '2' is newer"),
        (b'<nassij_lesson schema="next"/>', "schema 'next' is newer"),
        (b'<nassij_lesson language="xx"/>', "unknown language 'xx'"),
        (b'<nassij_lesson minutes="six"/>', "minutes='six'"),
        (b"<nassij_lesson>\n<hologram/></nassij_lesson>", "line 2: <hologram>"),
        (b"<nassij_lesson>\n\n<text>x</text></nassij_lesson>", "line 3: <text> has no id"),
        (b'<nassij_lesson><self-check id="q" kind="guess"/></nassij_lesson>', "'guess'"),
        (b'<nassij_lesson><self-check id="q" tries="-1"/></nassij_lesson>', "tries='-1'"),
        (b'<nassij_lesson><self-check id="q"><choice/></self-check></nassij_lesson>', "<choice> has no id"),
        (b'<nassij_lesson><text id="One">x</text></nassij_lesson>', "line 1: id='One' cannot be an id"),
        (b'<nassij_lesson><text id="a b">x</text></nassij_lesson>', "'a b' cannot be an id"),
        (b'<nassij_lesson><text id="a\xe2\x80\xaeb">x</text></nassij_lesson>', "cannot be an id"),
        (b'<nassij_lesson><text id="%s">x</text></nassij_lesson>' % (b"a" * 81), "cannot be an id"),
        (b'<nassij_lesson><self-check id="q"><choice id="&lt;"/></self-check></nassij_lesson>', "'<' cannot be an id"),
        (
            b'<nassij_lesson><text id="a">x</text>\n<text id="a">y</text></nassij_lesson>',
            "line 2: the id 'a' is used twice",
        ),
        (b'<nassij_lesson><text id="a">x</text><self-check id="a"/></nassij_lesson>', "the id 'a' is used twice"),
        (
            b'<nassij_lesson><self-check id="q"><choice id="b"/>\n<choice id="b"/></self-check></nassij_lesson>',
            "line 2: the id 'b' is used twice: give each <choice>",
        ),
        (
            b'<nassij_lesson><file id="a">\n<file src="javascript:alert(1)//.pdf"/></file></nassij_lesson>',
            "line 2: src='javascript:alert.1.//.pdf' of <file> does not lead to a file of the course",
        ),
        (b'<nassij_lesson><file id="a"><file src="java&#9;script:x"/></file></nassij_lesson>', "does not lead"),
        (b'<nassij_lesson><file id="a"><file src="data:text/html,x"/></file></nassij_lesson>', "does not lead"),
        (
            b'<nassij_lesson>\n\n<file id="a"><file src="https://other.ma/a.pdf"/></file></nassij_lesson>',
            "line 3: src='https://other.ma/a.pdf' of <file> does .* put the file among those of the course and write",
        ),
        (
            b'<nassij_lesson><media id="a"><file src=""/><light src="vbscript:x"/></media></nassij_lesson>',
            "<light> does",
        ),
        (b'<nassij_lesson><media id="a"><file src="//e.org/a.mp4"/></media></nassij_lesson>', "<file> does not lead"),
        (
            b'<nassij_lesson><media id="a"><file src=""/><captions src="/static/a&#x202e;ttv.exe"/></media></nassij_lesson>',
            "<captions> has characters that hide",
        ),
        (
            b'<nassij_lesson><file id="a"><file src="/static/a&#x7f;.pdf"/></file></nassij_lesson>',
            "has characters that hide",
        ),
        (b'<nassij_lesson scored="True"/>', "scored='True' is neither true nor false"),
        (b'<nassij_lesson><self-check id="q" kind="number" tolerance="-1"/></nassij_lesson>', "less than nothing"),
        (
            b'<nassij_lesson><text id="a">%s</text></nassij_lesson>' % (b"x" * 60_000),
            "the text of <text> is longer or nested more deeply",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(xml: bytes, named: str) -> None:
    with pytest.raises(LessonError, match=named):
        parsed(xml)
