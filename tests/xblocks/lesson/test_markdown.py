"""What is said of a text without rendering it is what rendering it would have said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nassij.common.errors import TooLarge
from xblocks.lesson import markdown

SIGNS = (
    "> ",
    "- ",
    "+ ",
    "* ",
    "1. ",
    "2) ",
    "**",
    "_",
    "[",
    "](/x)",
    "![",
    "|",
    "\n",
    "\n\n",
    "  ",
    "    ",
    "`",
    "<https://a>",
    "x",
)


def fits(text: str) -> bool:
    try:
        markdown.block_html(text)
    except TooLarge:
        return False
    return True


@given(st.lists(st.tuples(st.sampled_from(SIGNS), st.integers(1, 120)), max_size=8))
def test_a_text_that_is_said_to_fit_fits(pieces: list[tuple[str, int]]) -> None:
    text = "".join(sign * count for sign, count in pieces)[:20_000]
    assert not markdown._surely_fits(text) or fits(text)


@pytest.mark.parametrize(
    "text",
    [
        "**x " * 150 + "y**" * 150,
        "".join(f"{'*' if depth % 2 else '_'}x " for depth in range(240))
        + "y"
        + "".join("_*"[n % 2] for n in range(240)),
        "- x\n" * 12_000,
        "|" + "a|" * 400 + "\n|" + "-|" * 400 + "\n" + "|x|\n" * 400,
        "x" * 50_001,
    ],
)
def test_a_text_that_does_not_fit_is_never_said_to(text: str) -> None:
    assert not fits(text) and not markdown.can_be_shown(text)


def test_an_ordinary_text_is_not_rendered_to_find_out() -> None:
    table = "| When | What |\n| --- | --- |\n" + "| Each month | the book beside the statement |\n" * 20
    assert markdown._surely_fits(f"A paragraph with **weight**.\n\n{table}\n\n- one\n- two\n" * 2)


@pytest.mark.parametrize(
    "src", ["//evil.example/p.png", "https://evil.example/p.png", "http:p.png", "data:image/png,x"]
)
def test_a_picture_from_another_site_is_asked_for_by_no_page(src: str) -> None:
    """It would tell that site who reads what, and when."""
    found = markdown.parts(f"a\n\n![p]({src})\n\n![ours](/static/p.png)")
    assert [part.src for part in found if not isinstance(part, str)] == ["/static/p.png"]
    assert "example" not in "".join(markdown.block_html(part) for part in found if isinstance(part, str))


words = st.text(
    st.one_of(
        st.sampled_from("aéبَ1 .,;:!?-+#=|~'\"()/«»\u200f\u00a0\u2028\t\n\r\x00\\`*_[]<>&"), st.characters(codec="utf-8")
    ),
    max_size=20,
)


@settings(max_examples=300, deadline=None)
@given(words)
def test_what_is_known_of_words_is_what_the_parser_says(text: str) -> None:
    assert markdown.tokens(text) == markdown._PARSER.parse(text)


@pytest.mark.parametrize("text", ["Un texte : 5 000 dh (art. 5).", "نص من كلمات.", "https://a.ma/x", "a  ", "é#| - x"])
def test_most_texts_are_words(text: str) -> None:
    assert bool(markdown._WORDS.fullmatch(text)) != text.endswith(" ")
    assert markdown.tokens(text) == markdown._PARSER.parse(text)
