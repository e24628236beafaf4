"""What the demo shows in place of the platform's own problems: a question with its choices, and the key in a fold.

Nothing is graded here: that is the platform's work, and the workbench has no problems.
"""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from lxml import etree
from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.fields import Scope, String

PROBLEM = "problem"


class ProblemBlock(XBlock):
    """A graded question of a course, to be read."""

    display_name = String(scope=Scope.settings, default="")
    data = String(scope=Scope.content, default="")

    @classmethod
    def parse_xml(cls, node: etree._Element, runtime: Any, keys: Any, *_older: Any) -> ProblemBlock:
        block = runtime.construct_xblock_from_class(cls, keys)
        block.display_name = node.get("display_name", "")
        block.data = etree.tostring(node, encoding="unicode")
        return block

    def student_view(self, context: Any = None) -> Fragment:
        root = etree.fromstring(self.data)[0]
        choices = root.findall(".//choice")
        shown = {
            "title": self.display_name,
            "language": root.get("lang"),
            "direction": root.get("dir"),
            "question": _inside(root.find(".//label")),
            "choices": [
                {
                    "text": _inside(choice, without="choicehint"),
                    "feedback": _inside(choice.find("choicehint")),
                    "correct": choice.get("correct") == "true",
                }
                for choice in choices
            ],
        }
        return Fragment(render_to_string("demo/problem.html", shown))

    public_view = student_view


def _inside(node: etree._Element, without: str = "") -> SafeString:
    """The markup inside `node`: the compiler wrote it, out of sanitised text."""
    parts = [etree.tostring(child, encoding="unicode") for child in node if child.tag != without]
    return SafeString(_escaped(node.text) + "".join(parts))


def _escaped(text: str | None) -> str:
    holder = etree.Element("x")
    holder.text = text or ""
    return etree.tostring(holder, encoding="unicode").removeprefix("<x>").removesuffix("</x>").replace("<x/>", "")
