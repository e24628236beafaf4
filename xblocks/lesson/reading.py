"""Reading a stored lesson, once for each content; and how a view of it begins: in its own language, never with a traceback."""

from __future__ import annotations

import functools
import marshal
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import translation
from web_fragments.fragment import Fragment

from xblocks.common.kept import spelling
from xblocks.lesson.model import Lesson, LessonError


def stored_lesson(content: Any, title: str) -> Lesson:
    """The lesson that is stored as `content`; raises `LessonError`. The same content gives the same object while it is kept."""
    spelt = spelling(content)
    return Lesson.from_data(content, title=title) if spelt is None else _read(spelt, title)


@functools.lru_cache(maxsize=128)
def _read(spelt: bytes, title: str) -> Lesson:
    # Read from its own copy: whoever changes the stored value in place changes no lesson that is kept.
    return Lesson.from_data(marshal.loads(spelt), title=title)  # noqa: S302 (our own bytes, of this process)


def readable(view: Callable[..., Fragment]) -> Callable[..., Fragment]:
    """A view of the lesson in the lesson's language; a lesson that cannot be read is said to be so, not a traceback."""

    @functools.wraps(view)
    def wrapper(self: Any, context: Mapping[str, Any] | None = None) -> Fragment:
        try:
            language = self.lesson.language
        except LessonError as error:
            reason = str(error) if self.may_edit else ""
            return self.page("nassij_blocks/lesson/broken.html", {"reason": reason})
        with translation.override(language):
            return view(self, context)

    return wrapper
