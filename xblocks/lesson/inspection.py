"""What may not stand in the texts of a lesson: HTML, links that lead nowhere safe, pictures without a description, from
elsewhere or out of place, and texts that no page can show."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from markdown_it.token import Token

from . import markdown
from .files import PLACE
from .model import Picture
from .problems import Place, Problems

Find = Callable[[Token, str], Place]
"""(block, something in it) -> where that stands, as exactly as can be told."""


class Inspector:
    """Looks through the texts of one lesson, notes what is wrong in `problems` and gathers the `pictures`."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.pictures: list[tuple[Picture, Place]] = []

    def body(self, blocks: list[Token], lines: list[str], first_line: int) -> None:
        """The body of the source, cut into `blocks`, whose `lines` start on `first_line` of the file."""

        def find(block: Token, needle: str) -> Place:
            start, end = block.map or [0, 1]
            for number in range(start, min(end, len(lines))):
                column = lines[number].find(needle.split("\n")[0])
                if column >= 0:
                    return Place(self.problems.file, first_line + number, column + 1)
            return Place(self.problems.file, first_line + start)

        self._blocks(blocks, find, "picture_inside_text")

    def text(self, text: str, place: Place) -> None:
        """A text of one or several paragraphs, with pictures on lines of their own."""
        self.weight(text, place)
        self._blocks(markdown.tokens(text), lambda _block, _needle: place, "picture_inside_text")

    def line(self, text: str, place: Place, *, pictured: bool = False) -> None:
        """A text of one paragraph, without pictures; a `pictured` one may be a picture and nothing else."""
        self.weight(text, place)
        blocks = markdown.tokens(text)
        alone = pictured and sum(block.type == "inline" for block in blocks) == 1
        self._blocks(blocks, lambda _block, _needle: place, "picture_in_line", alone_allowed=alone)

    def weight(self, text: str, place: Place) -> None:
        """Note a text that is too long, or nested too deeply, for any page of ours."""
        if not markdown.can_be_shown(text):
            self.problems.add("text_too_heavy", place)

    def _blocks(self, blocks: list[Token], find: Find, misplaced: str, *, alone_allowed: bool = True) -> None:
        """`misplaced` is the problem of a picture that may not stand where it stands."""
        for index, block in enumerate(blocks):
            if block.type == "html_block":
                self.problems.add("raw_html", find(block, block.content[:40]), html=_short(block.content))
            if block.type != "inline":
                continue
            alone = alone_allowed and blocks[index - 1].level == 0 and markdown.only_picture(block) is not None
            for child in block.children or []:
                if child.type == "html_inline":
                    self.problems.add("raw_html", find(block, child.content), html=_short(child.content))
                elif child.type == "image":
                    picture = markdown.picture(child)
                    self._picture(picture, find(block, unquote(picture.src)), None if alone else misplaced)
                elif child.type == "link_open":
                    href = str(child.attrGet("href") or "")
                    if not href.startswith(markdown.SAFE_LINKS):
                        self.problems.add("link_scheme", find(block, href), href=href)

    def _picture(self, found: Picture, place: Place, misplaced: str | None) -> None:
        if not found.alt.strip():
            self.problems.add("picture_without_description", place, src=found.src)
        if misplaced:
            self.problems.add(misplaced, place, src=found.src)
        if not PLACE.fullmatch(found.src):
            self.problems.add("picture_place", place, src=unquote(found.src))
        self.pictures.append((found, place))


def _short(html: str) -> str:
    line = html.strip().split("\n")[0]
    return line if len(line) <= 40 else f"{line[:39]}…"
