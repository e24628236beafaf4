"""Text: cleaned once at the boundary, HTML only through the allow-list."""

import contextlib
import json
import threading
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nassij.common import text
from nassij.common.errors import TooLarge
from tests.nassij.common.judge import findings

HOSTILE: list[str] = json.loads((Path(__file__).parents[2] / "data/hostile_html.json").read_text("utf-8"))
HIDING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000), 0, 0xFFFE, 0xFFFF}

anything = st.text(st.characters(exclude_categories=()), max_size=200)
fragments = st.lists(
    st.sampled_from(
        [*HOSTILE, "<b>", "</b>", "<p>", "<table>", "<td>", "<svg>", "</svg>", "<!--", "-->", '"', "'", ">", "`", "&"]
    ),
    max_size=6,
).map("".join)


def test_there_are_enough_hostile_texts_and_the_judge_sees_them() -> None:
    assert len(HOSTILE) >= 150
    markup = [payload for payload in HOSTILE if "<" in payload]
    assert sum(bool(findings(payload)) for payload in markup) > 0.8 * len(markup)


def test_the_judge_lets_harmless_html_pass() -> None:
    harmless = '<p>x <a href="mailto:a@b.ma">y</a> <img src="/s/x.png" alt=""></p><table><tr><td>1</td></tr></table>'
    assert findings(harmless) == []
    assert findings('<a href="javascript:1">x</a>') and findings('<img src="//evil.example/x">')


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_text_does_nothing(payload: str) -> None:
    assert findings(text.sanitise(payload)) == []
    assert findings(text.render_markdown(payload)) == []
    assert "alert" not in "".join(part for part in text.sanitise(payload).split("<") if part.startswith("script"))


@settings(deadline=None)
@given(fragments)
def test_hostile_fragments_together_do_nothing(source: str) -> None:
    once = text.sanitise(source)
    assert findings(once) == []
    assert findings(text.sanitise(once)) == []
    assert findings(text.render_markdown(source)) == []


@given(anything)
def test_clean_text_keeps_nothing_that_hides_or_reorders(value: str) -> None:
    cleaned = text.clean_text(value)
    assert not HIDING & set(map(ord, cleaned))
    assert unicodedata.is_normalized("NFC", cleaned)
    assert text.clean_text(cleaned) == cleaned
    cleaned.encode("utf-8")


@given(
    st.text(
        st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئ ًٌٍَُِّْ abcéèàç0123456789.,-()«»\u200c\u200d\u200f\n"),
        max_size=100,
    )
)
def test_clean_text_leaves_what_people_write(value: str) -> None:
    assert text.clean_text(value) == unicodedata.normalize("NFC", value)


def test_clean_text_joins_what_was_split_by_a_hidden_character() -> None:
    assert text.clean_text("e\u202e\u0301\x00") == "é"
    assert text.clean_text("a\r\nb\rc\x07") == "a\nb\nc"


def test_markdown_is_commonmark_with_tables() -> None:
    html = text.render_markdown(
        '## T\n\n**b** *i* [l](https://a.ma "t")\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n1. x\n2. y\n\n> q\n\n`c`'
    )
    for part in (
        "<h2>T</h2>",
        "<strong>b</strong>",
        "<em>i</em>",
        '<a href="https://a.ma" title="t">l</a>',
        "<th>a</th>",
        "<td>2</td>",
    ):
        assert part in html
    for part in ("<ol>", "<blockquote>", "<code>c</code>"):
        assert part in html


def test_spans_of_a_direction_are_isolated() -> None:
    assert text.render_markdown("القانون [1-58-376]{.ltr}") == '<p>القانون <bdi dir="ltr">1-58-376</bdi></p>\n'
    assert text.render_markdown("loi [الحق]{.rtl}") == '<p>loi <bdi dir="rtl">الحق</bdi></p>\n'
    assert text.render_markdown("[[1]{.ltr} b]{.x}") == '<p><span><bdi dir="ltr">1</bdi> b</span></p>\n'


def test_raw_html_in_markdown_is_shown_not_obeyed() -> None:
    assert text.render_markdown("<b>x</b>") == "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"


@pytest.mark.parametrize("url", ["javascript:123", "JAVASCRIPT:1", "javascript&#58;7", "x-y:1", "1:2", "localhost:80"])
def test_a_scheme_with_a_port_for_a_script_is_refused(url: str) -> None:
    assert "href" not in text.sanitise(f'<a href="{url}">x</a>')


@pytest.mark.parametrize(
    "url",
    [
        "https://a.ma/x?y=1:2",
        "/courses/course-v1:A+B+c/",
        "#x",
        "?a=b:c",
        "mailto:a@b.ma",
        "tel:+212524000000",
        "a/b:c",
    ],
)
def test_useful_links_stay(url: str) -> None:
    assert f'href="{url}"' in text.sanitise(f'<a href="{url}">x</a>')


def test_pictures_come_from_this_site_only() -> None:
    assert 'src="/static/x.png"' in text.sanitise('<img src="/static/x.png" alt="x">')
    for url in ("//e/x", "https://e/x", "\\\\e\\x", "/\\e/x", "data:image/png;base64,x"):
        assert "src" not in text.sanitise(f'<img src="{url}" alt="">')


def test_attributes_carry_only_sensible_values() -> None:
    html = text.sanitise('<p dir="ltr" lang="ar-MA">x</p><bdi dir="evil">z</bdi><p lang="x y">k</p>')
    assert html == '<p dir="ltr" lang="ar-MA">x</p><bdi>z</bdi><p>k</p>'
    row = text.sanitise('<table><tr><th scope="row">h</th><td colspan="99999">y</td></tr></table>')
    assert '<th scope="row">h</th><td>y</td>' in row


def test_plain_gives_the_words() -> None:
    assert text.plain("# العنوان\n\n* a & b\n* **c** ![صورة](/x.png)\n\n[1-58]{.ltr}") == "العنوان a & b c صورة 1-58"
    assert text.plain("**bo**ld") == "bold"
    assert text.plain("<b>") == "<b>"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ar", "rtl"), ("ar-MA", "rtl"), ("AR_ma", "rtl"), ("fr", "ltr"), ("en", "ltr"), ("", "ltr")],
)
def test_direction(language: str, expected: str) -> None:
    assert text.direction(language) == expected


@pytest.mark.parametrize(
    "source", ["<b>" * 3000, "<div></i>" * 2000, "<ul><li>" * 5000, "<b>" + "<br>" * 10_001, "x" * 50_001]
)
def test_too_much_or_too_deep_is_refused_at_once(source: str) -> None:
    started = time.process_time()
    with pytest.raises(TooLarge):
        text.sanitise(source)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "source",
    ["*a **b " * 900 + "** *" * 900, "[" * 5000, "> " * 9000 + "x", "- " * 9000 + "x", "![" * 5000, "<b>" * 5000],
)
def test_markdown_meant_to_be_slow_is_not(source: str) -> None:
    started = time.process_time()
    with contextlib.suppress(TooLarge):
        text.render_markdown(source)
    assert time.process_time() - started < 2


def test_a_deep_emphasis_is_refused() -> None:
    with pytest.raises(TooLarge):
        text.render_markdown("*a _b " * 900 + "_ *" * 900)


def test_threads_do_not_share_a_parser() -> None:
    sources = [f"**{number}** <script>{number}</script> [{number}]{{.ltr}}" for number in range(200)]
    expected = [text.render_markdown(source) for source in sources]
    text._rendered.cache_clear()
    results: dict[int, list[str]] = {}

    def work(place: int) -> None:
        results[place] = [text.render_markdown(source) for source in sources]

    threads = [threading.Thread(target=work, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(result == expected for result in results.values()) and len(results) == 4
