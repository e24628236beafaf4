"""How a lesson is written: sentences a phone reader gets through, numbers that keep their direction, links that say where they
lead, law that says where it stands.

The limits are those of our own courses with room to spare; whoever needs more splits the lesson.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from markdown_it.token import Token

from nassij.common.text import plain
from xblocks.lesson.located import Listing, Mapping, Scalar
from xblocks.lesson.model import Lesson

from .passages import Block, Passage, SourceText
from .problems import MESSAGES, Place, Problem, Problems

MAX_SENTENCE = {"ar": 35, "fr": 40, "en": 40}
"""Words."""
MAX_PARAGRAPH = 120
MAX_TITLE = 16
MAX_UNIT = {"ar": 1200, "fr": 1500, "en": 1500}
UNREAD = frozenset({"statement", "transcript"})
"""Keys of texts that are there for whoever wants them, and do not make a unit longer."""
MAX_STEPS = 16
WORDS_A_MINUTE = 200
"""Nobody reads and thinks faster than that."""
MAX_COLUMNS = 4
FOREIGN_CHARACTERS = 50
"""A shorter text may well be a name, or an example, in the other script."""
MAX_DESCRIPTION = 400
"""Characters of the description of a picture: a longer one belongs into the text."""

_SENTENCE_END = re.compile(r"(?<=[.!?؟…])[\s»”\"]+|\n\s*\n|\n\s*[-*] ")
# Bounded: a text of brackets alone must not cost the square of its length.
_ISOLATED = re.compile(
    r"\[[^\[\]\n]{0,200}\]\{\.(?:ltr|rtl)\}|\]\([^()\n]{0,500}\)|`[^`\n]{0,200}`|\{#[^{}\n]{0,100}\}|<[^<>\n]{0,500}>"
)
_NUMBER = re.compile(r"(?<![\w/.-])\d+(?:-\d+)+(?![\w/])")
_SPAN = re.compile(r"\]\{(?!\.(?:ltr|rtl)\})([^{}\n]{0,200})\}")
_LAW = {
    "ar": re.compile(
        r"(?:القانون|قانون|الظهير|ظهير|المرسوم|مرسوم|المنشور|منشور|القرار)\S*\s+(?:الشريف\s+)?رقم|الفصل\s+\d+|المادة\s+\d+"
    ),
    "fr": re.compile(
        r"\b(?:loi|dahir|décret|circulaire|arrêté)\s+(?:\w+\s+){0,5}n[°º]|\barticles?\s+\d+|\bart\.\s*\d+",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:law|dahir|decree|circular)\s+(?:no\.?\s*)?\d+[-./]\d+|\barticles?\s+\d+|\bart\.\s*\d+", re.IGNORECASE
    ),
}
_VAGUE = frozenset(
    {
        "ici",
        "cliquez ici",
        "cliquer ici",
        "lien",
        "ce lien",
        "en savoir plus",
        "here",
        "click here",
        "link",
        "this link",
    }
    | {"more", "read more", "هنا", "اضغط هنا", "اضغطوا هنا", "انقر هنا", "الرابط", "هذا الرابط", "رابط", "المزيد"}
)
_FILE_NAME = re.compile(r"[\w.-]+\.(?:svg|png|jpe?g|webp)", re.IGNORECASE)
_ARABIC, _LATIN = re.compile(r"[\u0621-\u064a]"), re.compile(r"[A-Za-zÀ-ÿ]")


def examine(source: SourceText, language: str, lesson: Lesson | None) -> tuple[Problem, ...]:
    """What is wrong with how `source` is written; `lesson` when it could be read."""
    problems = Problems(source.file, MESSAGES)
    for passage in source.passages:
        _texts(source, passage, language, problems)
        _links(source, passage, problems)
    _headings(source, problems)
    _tables(source, problems)
    for block in source.blocks:
        _choices(block, problems)
    _length(source, language, lesson, problems)
    _law(source, language, problems)
    return problems.sorted()


# Texts


def _texts(source: SourceText, passage: Passage, language: str, problems: Problems) -> None:
    text = passage.text
    for sentence in _SENTENCE_END.split(text):
        words = _words(sentence)
        if words > MAX_SENTENCE.get(language, 40):
            problems.add(
                "long_sentence", source.place(passage, sentence[:25]), words=words, most=MAX_SENTENCE[language]
            )
    if _words(text) > MAX_PARAGRAPH:
        problems.add("long_paragraph", source.place(passage, text[:25]), words=_words(text), most=MAX_PARAGRAPH)
    if passage.key == "title" and _words(text) > MAX_TITLE:
        problems.add("long_title", source.place(passage, text[:25]), words=_words(text), most=MAX_TITLE)
    if language == "ar":
        bare = _ISOLATED.sub(lambda match: " " * len(match[0]), text)
        for match in _NUMBER.finditer(bare):
            problems.add("number_not_isolated", source.place(passage, match[0]), number=match[0])
    for match in _SPAN.finditer(text):
        problems.add("markup_dropped", source.place(passage, match[0]), markup=f"{{{match[1]}}}")
    if _is_foreign(text, language, passage.key == "title"):
        problems.add("wrong_language", source.place(passage, text[:10]), language=language)


def _is_foreign(text: str, language: str, is_title: bool) -> bool:
    """Whether no letter of `text` is one of `language`, and some are letters of the other script."""
    bare = " ".join(_ISOLATED.sub(" ", text).split())
    if "⟦" in bare or (len(bare.split()) < 3 if is_title else len(bare) <= FOREIGN_CHARACTERS):
        return False
    own, other = (_ARABIC, _LATIN) if language == "ar" else (_LATIN, _ARABIC)
    return own.search(bare) is None and other.search(bare) is not None


def _words(text: str) -> int:
    return len(text.split())


# Links and pictures


def _links(source: SourceText, passage: Passage, problems: Problems) -> None:
    children = passage.children
    for index, child in enumerate(children):
        if child.type == "link_open":
            _link(source, passage, str(child.attrGet("href") or ""), _until_close(children, index), problems)
        elif child.type == "image":
            _description(source, passage, child, problems)


def _until_close(children: tuple[Token, ...], index: int) -> str:
    words = []
    for child in children[index + 1 :]:
        if child.type == "link_close":
            break
        words.append(child.content)
    return "".join(words).strip()


def _link(source: SourceText, passage: Passage, href: str, words: str, problems: Problems) -> None:
    place = source.place(passage, f"({href}")
    place = replace(place, column=place.column + 1)
    if href.startswith("http://"):
        problems.add("link_insecure", place, href=href)
    elif href.startswith(("//", "/\\")):
        problems.add("link_scheme", place, href=href)
    elif href.startswith("#") or (
        href.startswith("/") and not href.startswith(("/jump_to_id/", "/nassij/", "/static/"))
    ):
        problems.add("link_inside", place, href=href)
    if not words:
        problems.add("link_without_text", place, href=href)
    elif words.lower() in _VAGUE:
        problems.add("link_text_vague", source.place(passage, words), text=words)


def _description(source: SourceText, passage: Passage, image: Token, problems: Problems) -> None:
    words, src = image.content.strip(), str(image.attrGet("src") or "")
    if words and (_FILE_NAME.fullmatch(words) or words == src):
        problems.add("description_is_name", source.place(passage, words), text=words)
    elif len(words) > MAX_DESCRIPTION:
        problems.add("long_description", source.place(passage, words[:20]), characters=len(words), most=MAX_DESCRIPTION)


def unit_links(source: SourceText) -> Iterator[tuple[str, Place]]:
    """The codes of units that links lead to, with their places."""
    for passage in source.passages:
        for child in passage.children:
            href = str(child.attrGet("href") or "") if child.type == "link_open" else ""
            if href.startswith("/jump_to_id/"):
                yield href.removeprefix("/jump_to_id/"), source.place(passage, href)


# The shape of the page


def _headings(source: SourceText, problems: Problems) -> None:
    before = 2
    for token in source.tokens:
        if token.type == "heading_open" and token.map:
            level = int(token.tag[1])
            if level > before + 1:
                place = Place(source.file, source.first_line + token.map[0])
                problems.add("heading_order", place, here="#" * level, expected="#" * (before + 1))
            before = level


def _tables(source: SourceText, problems: Problems) -> None:
    for token in source.tokens:
        if token.type != "table_open" or not token.map:
            continue
        first = source.first_line + token.map[0]
        rows = [_cells(source.lines[number - 1]) for number in range(first, source.first_line + token.map[1])]
        if rows[0] > MAX_COLUMNS:
            problems.add("wide_table", Place(source.file, first), columns=rows[0], most=MAX_COLUMNS)
        for number, cells in enumerate(rows):
            if cells != rows[0] and source.lines[first + number - 1].strip():
                problems.add("uneven_row", Place(source.file, first + number), cells=cells, columns=rows[0])


def _cells(line: str) -> int:
    bare = re.sub(r"\\\||`[^`]*`", "x", line.strip().lstrip("> "))
    return bare.removeprefix("|").removesuffix("|").count("|") + 1


def _choices(block: Block, problems: Problems) -> None:
    """Choices and feedback of a question that cannot be told apart, or leave nothing to choose."""
    listing = block.entries.entries.get("choices")
    if not isinstance(listing, Listing):
        return
    choices = [item for item in listing.items if isinstance(item, Mapping)]
    for key, code in (("text", "same_choice"), ("feedback", "same_feedback")):
        seen: set[str] = set()
        for choice in choices:
            value = choice.entries.get(key)
            if isinstance(value, Scalar) and not value.empty and "⟦" not in value.value:
                words = " ".join(value.value.split()).casefold()
                if words in seen:
                    problems.add(code, value.place, text=_short(value.value))
                seen.add(words)
    right = [isinstance(flag := choice.entries.get("correct"), Scalar) and flag.value == "true" for choice in choices]
    kind = block.entries.entries.get("kind")
    asked = kind.value if isinstance(kind, Scalar) else "single"
    if asked in ("single", "multiple") and len(right) > 1 and all(right):
        problems.add("all_right", listing.place)


def _length(source: SourceText, language: str, lesson: Lesson | None, problems: Problems) -> None:
    words = sum(_words(passage.text) for passage in source.passages if passage.key not in UNREAD)
    most = MAX_UNIT.get(language, 1500)
    start = Place(source.file, source.first_line)
    if words > most:
        problems.add("long_unit", start, words=words, most=most)
    if lesson is None:
        return
    if len(lesson.steps) > MAX_STEPS:
        problems.add("many_steps", start, steps=len(lesson.steps), most=MAX_STEPS)
    if lesson.minutes and words > lesson.minutes * WORDS_A_MINUTE:
        place = source.front.entries["minutes"].place if source.front and "minutes" in source.front.entries else start
        problems.add("few_minutes", place, words=words, minutes=-(-words // WORDS_A_MINUTE))


def _law(source: SourceText, language: str, problems: Problems) -> None:
    """A unit that speaks of the law says where it has it from."""
    entries = source.front.entries if source.front else {}
    if any(key in entries for key in ("facts", "to_confirm", "sources")):
        return
    for passage in source.passages:
        match = _LAW[language].search(passage.text) if language in _LAW else None
        if match:
            problems.add("law_without_source", source.place(passage, match[0]), law=plain(match[0]))
            return


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"
