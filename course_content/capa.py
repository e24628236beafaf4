"""A question of a quiz as a problem of the platform (CAPA), graded by the platform itself.

The ids of choices go into the markup, so that what a learner chose stays what it was when a text changes or, with one right
answer, when choices move. Direction and language are said on a root of our own: the platform takes those of the interface.
"""

from __future__ import annotations

from lxml import etree, html

from nassij.common.text import direction
from xblocks.lesson import markdown
from xblocks.lesson.markdown import block_html, line_html
from xblocks.lesson.model import Choice, Picture, SelfCheck

TAG = "problem"


def problem(check: SelfCheck, *, name: str, language: str, title: str) -> etree._Element:
    """The problem that asks `check`, under the `url_name` `name`; `title` for a question without its own."""
    node = etree.Element(
        TAG,
        {
            "url_name": name,
            "display_name": markdown.search_text(check.title) or title,
            "max_attempts": str(check.tries),
            "weight": "1.0",
            "showanswer": "finished",
            "rerandomize": "never",
        },
    )
    root = etree.SubElement(node, "div", {"lang": language, "dir": direction(language)})
    if check.kind == "multiple":
        response = etree.SubElement(root, "choiceresponse")
        group, hint = "checkboxgroup", {"selected": "true"}
    else:
        response = etree.SubElement(root, "multiplechoiceresponse")
        group, hint = "choicegroup", {}
    _fill(etree.SubElement(response, "label"), str(line_html(check.question)))
    choices = etree.SubElement(response, group, {"type": "MultipleChoice"} if group == "choicegroup" else {})
    for choice in check.choices:
        _choice(choice, etree.SubElement(choices, "choice"), hint)
    return node


def _choice(choice: Choice, node: etree._Element, hint: dict[str, str]) -> None:
    node.set("correct", "true" if choice.correct else "false")
    node.set("name", choice.id)
    _fill(node, _shown(choice.text))
    _fill(etree.SubElement(node, "choicehint", hint), _shown(choice.feedback))


def _shown(text: str) -> str:
    """`text` as HTML that may hold pictures; a single paragraph has no `<p>` around it, since it stands inside a label."""
    pieces = []
    for part in markdown.parts(text):
        if isinstance(part, Picture):
            picture = etree.Element("img", {"src": part.src, "alt": part.alt})
            pieces.append(etree.tostring(picture, encoding="unicode"))
        else:
            one = sum(token.type == "inline" for token in markdown.tokens(part)) == 1
            pieces.append(str(line_html(part) if one else block_html(part)))
    return "".join(pieces)


def _fill(node: etree._Element, markup: str) -> None:
    """Put sanitised HTML into `node`, as XML."""
    fragment = html.fragment_fromstring(markup, create_parent="div")
    node.text = fragment.text
    node.extend(list(fragment))
