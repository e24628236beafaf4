"""What can be wrong with the text of a lesson: one table of codes, messages and remedies, and where it is wrong.

The texts are English message ids; whoever shows a problem passes a `translate` function (Django's `gettext` in Studio, the
compiler's own catalog on the command line), so that nothing here depends on Django.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Translate = Callable[[str], str]
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What turns a line round: our own words use it with care, a name or a word of a source must not."""
MOST = 100
"""Mistakes of one kind that are named in one text: who has more begins with these."""


def _(message: str) -> str:
    """Mark `message` for extraction into the catalogs; it is translated when it is shown."""
    return message


# code: (what is wrong, what to do). `%(name)s` are the params of the problem.
MESSAGES: dict[str, tuple[str, str]] = {
    # The file as such
    "not_utf8": (_("The file is not UTF-8 text."), _("Save it again with the encoding UTF-8.")),
    "too_large": (
        _("The text is longer than %(limit)s characters."),
        _("Split the lesson: a learner reads one in a few minutes."),
    ),
    "no_front_matter": (
        _("The lesson does not start with its front matter."),
        _("Begin the file with a line ---, the code, title and objectives, and a second line ---."),
    ),
    "front_matter_open": (
        _("The front matter is not closed."),
        _("Put a line --- after the last entry of the front matter."),
    ),
    "many_problems": (
        _("There is more of this kind (%(kind)s) from here on: only the first %(most)s places are named."),
        _("Correct those first, then check again."),
    ),
    # YAML
    "yaml": (
        _("This cannot be read as YAML: %(detail)s."),
        _("Check the indentation, and put texts with a colon, a quote or a # between double quotes."),
    ),
    "yaml_alias": (_("Anchors and aliases (& and *) are not allowed."), _("Write the value out where it is needed.")),
    "yaml_tag": (_("The tag %(tag)s is not allowed."), _("Write plain text, lists and key: value pairs only.")),
    "yaml_depth": (
        _("The entries are nested too deeply."),
        _("Write key: value lines, and under a key at most a list of such lines."),
    ),
    "yaml_duplicate_key": (_("“%(key)s” is given twice."), _("Keep one of the two.")),
    "yaml_empty": (_("There is nothing here."), _("Add key: value lines.")),
    "not_a_mapping": (
        _("key: value lines are expected here."),
        _("Write one key and its value on each line, for example minutes: 6."),
    ),
    "not_a_list": (_("“%(key)s” must be a list."), _("Start each entry on its own line with a dash.")),
    "not_a_text": (_("“%(key)s” must be a text."), _("Write one text, between double quotes if it has a colon.")),
    "not_a_number": (
        _("“%(key)s” must be a whole number from %(least)s to %(most)s."),
        _("Write the number in digits, without quotes."),
    ),
    "not_a_flag": (_("“%(key)s” must be true or false."), _("Write true or false, without quotes.")),
    "not_a_date": (_("“%(key)s” must be a date."), _("Write year-month-day, for example 2026-11-23.")),
    "missing_key": (_("“%(key)s” is missing."), _("Add a line %(key)s: with its value.")),
    "empty_value": (_("“%(key)s” is empty."), _("Write its text, or remove the line if it is optional.")),
    "unknown_key": (
        _("“%(key)s” is not known here."),
        _("Remove it or correct its spelling. Known here: %(known)s."),
    ),
    "misspelt_key": (_("“%(key)s” is not known here."), _("Did you mean “%(near)s”?")),
    "set_twice": (
        _("“%(key)s” stands in the form and in the text, with different values."),
        _("Remove it from the text; the form is enough."),
    ),
    # Identifiers
    "bad_code": (
        _("“%(value)s” cannot be a code."),
        _("Use small Latin letters, digits and single hyphens, for example gov2-s1-u1."),
    ),
    "duplicate_step": (
        _("The step id “%(id)s” is used twice in this lesson (first on line %(first)s)."),
        _("Give each step an id of its own; keep the older one."),
    ),
    "duplicate_choice": (_("The choice id “%(id)s” is used twice."), _("Give each choice an id of its own.")),
    "unknown_language": (
        _("The language “%(value)s” is not one of ours."),
        _("Use one of %(known)s."),
    ),
    # Steps
    "no_steps": (_("The lesson has no step."), _("Start a step with a line ## Title {#id}.")),
    "text_before_step": (
        _("This text belongs to no step."),
        _("Put a line ## Title {#id} above it."),
    ),
    "step_without_id": (
        _("The step “%(title)s” has no id."),
        _("End the heading with {#id}, for example ## Why it matters {#why}."),
    ),
    "step_without_title": (_("The step has no title."), _("Write a title between ## and {#id}.")),
    "step_without_text": (_("The step “%(id)s” has no text."), _("Write the text of the step, or remove its heading.")),
    "top_heading": (
        _("A heading with one # is the title of the lesson, which the front matter gives."),
        _("Use ## with an {#id} for a step, ### inside a step."),
    ),
    "underlined_heading": (
        _("A line of - or = under a text makes it a heading."),
        _("Use ## with an {#id} for a step, or put an empty line above the dashes."),
    ),
    "text_too_heavy": (
        _("This text is too long, or nested too deeply, to be shown."),
        _("Split it into several steps, and use fewer quotations and lists inside one another."),
    ),
    "raw_html": (_("HTML is not allowed in lessons: %(html)s"), _("Use Markdown, or write &lt; for the sign itself.")),
    "unclosed_fence": (
        _("The block that starts here is never closed."),
        _("End it with a line of the same back quotes."),
    ),
    "unknown_block": (
        _("“%(name)s” is not a kind of step."),
        _("Known kinds: %(known)s. For an example of code, write nothing after the back quotes."),
    ),
    # Pictures and links
    "picture_without_description": (
        _("The picture %(src)s has no description."),
        _("Write between the square brackets what it shows, for people who cannot see it."),
    ),
    "picture_inside_text": (
        _("The picture %(src)s stands inside a paragraph."),
        _("Put it on a line of its own, with an empty line above and below."),
    ),
    "picture_in_line": (
        _("The picture %(src)s cannot be shown here."),
        _(
            "Put it into the text of a step or into feedback, on a line of its own. A choice may also be a picture alone."
        ),
    ),
    "picture_place": (
        _("The picture %(src)s is not among the files of the lesson."),
        _(
            "Put the file into the folder assets/ beside the lesson and write assets/name.svg, in Latin letters and digits."
        ),
    ),
    "link_scheme": (
        _("The link %(href)s is not allowed."),
        _("Use an https://, mailto: or tel: address."),
    ),
    # Files
    "media_kind": (_("“%(value)s” is not a kind of media."), _("Use one of %(known)s.")),
    "file_place": (
        _("The file %(src)s is not among the files of the lesson."),
        _("Put it into the folder assets/ beside the lesson and write assets/name.pdf, in Latin letters and digits."),
    ),
    "file_kind": (
        _("The file %(src)s is of a kind that cannot be used here."),
        _("Save it as one of these kinds: %(known)s."),
    ),
    "not_a_size": (_("“%(key)s” must be the size of a file."), _("Write for example 6.2 MB or 850 KB.")),
    "file_without_size": (
        _("How heavy %(src)s is does not stand here."),
        _("Add a line %(key)s: with its size, for example 850 KB; learners see it before they load anything."),
    ),
    "file_too_heavy": (
        _("%(src)s has %(size)s bytes, more than %(most)s."),
        _("Make it smaller or split it: learners pay for what they load."),
    ),
    "media_without_light": (
        _("The media step “%(id)s” has %(size)s bytes and no light version."),
        _("Add light: with a version of at most %(most)s bytes: a smaller picture, or the sound alone."),
    ),
    "light_not_lighter": (
        _("The light version of “%(id)s” is not lighter: %(light)s bytes against %(size)s."),
        _("Exchange the two files, or make the light one smaller."),
    ),
    "media_without_transcript": (
        _("The media step “%(id)s” has no transcript."),
        _("Write under transcript: what is said and shown, for who cannot or will not play it."),
    ),
    "block_layout": (
        _("This block “%(name)s” is not laid out as it should be."),
        _("Write key: value lines in it, for example title: with a text, each on a line of its own."),
    ),
    # Self-checks
    "check_layout": (
        _("This self-check is not laid out as it should be."),
        _(
            "Write a line question: with the question, then choices: and below it, for each choice, the lines - id: a, text: and "
            "feedback: (the last two indented under id). Add correct: true to the right one."
        ),
    ),
    "check_kind": (_("“%(value)s” is not a kind of self-check."), _("Use one of %(known)s.")),
    "check_few_choices": (_("A self-check needs at least two choices."), _("Add a choice with its feedback.")),
    "check_no_answer": (_("No choice is right."), _("Add correct: true to the right choice.")),
    "check_many_answers": (
        _("A self-check of kind single has exactly one right choice."),
        _("Keep one correct: true, or write kind: multiple."),
    ),
    "check_no_feedback": (
        _("The choice “%(id)s” has no feedback."),
        _("Add feedback: that says why it is right or what to look at again."),
    ),
    "check_one_half": (
        _("All the pairs have the same other half."),
        _("Write at least two different texts after match:."),
    ),
    "check_no_otherwise": (
        _("This self-check has nothing to say to another number."),
        _("Add otherwise: with feedback for whoever comes to a number that is none of the choices."),
    ),
    "not_a_decimal": (
        _("“%(key)s” must be a number."),
        _("Write it in digits with a point, for example 12 or 0.5; a tolerance is 0 or more."),
    ),
    "unit_too_long": (
        _("The unit is longer than %(most)s characters."),
        _("Write a word or two, for example dirhams."),
    ),
    "text_with_lines": (_("“%(key)s” must be one paragraph."), _("Remove the empty line inside the text.")),
    # Facts
    "facts_unavailable": (
        _("Facts can only be cited by number in the course files."),
        _("Write the source itself under sources:, with text and checked_on."),
    ),
    "unknown_fact": (
        _("The fact %(id)s is not in the fact base."),
        _("Correct the number, or add the fact to facts.yaml."),
    ),
    "fact_twice": (_("The fact %(id)s is cited twice."), _("Cite it once.")),
    "fact_to_confirm": (
        _("The fact %(id)s is from memory."),
        _("Cite it under to_confirm:, so that learners are told to have it confirmed."),
    ),
    "unknown_guide": (_("The guide %(id)s is not known."), _("Use the code of a guide in guides.yaml.")),
    "not_checked": (
        _("The lesson cites facts without saying when they were checked."),
        _("Add checked_on: with the date."),
    ),
}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a text: the file as it is shown to people, line and column from 1."""

    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a place; `code` is stable, the words are looked up when they are shown."""

    code: str
    place: Place
    params: Mapping[str, object] = field(default_factory=dict)
    messages: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MESSAGES, repr=False, compare=False)

    def message(self, translate: Translate = str) -> str:
        return translate(self.messages[self.code][0]) % self._quoted

    def remedy(self, translate: Translate = str) -> str:
        return translate(self.messages[self.code][1]) % self._quoted

    @property
    def _quoted(self) -> dict[str, object]:
        return {
            name: _TURNING.sub("\ufffd", value) if isinstance(value, str) else value
            for name, value in self.params.items()
        }

    def line(self, translate: Translate = str) -> str:
        """One line as compilers print it: `file:line:column: code: message Remedy.`"""
        place, file = self.place, _TURNING.sub("\ufffd", self.place.file)
        line = f"{file}:{place.line}:{place.column}: {self.code}: {self.message(translate)} {self.remedy(translate)}"
        return _CONTROLS.sub("\ufffd", line)  # names of files may hold line ends, and orders to a terminal


class Problems:
    """A list of problems being gathered while one text is read."""

    def __init__(self, file: str, messages: Mapping[str, tuple[str, str]] = MESSAGES) -> None:
        self.file = file
        self.messages = messages
        self.found: list[Problem] = []
        self._times: Counter[str] = Counter()

    def add(self, code: str, place: Place | None = None, **params: object) -> None:
        """Note it; of each kind `MOST` and the word that there are more, so that a flood takes neither time nor room."""
        self._times[code] += 1
        if self._times[code] <= MOST:
            self.found.append(Problem(code, place or Place(self.file), params, self.messages))
        elif self._times[code] == MOST + 1:
            more = {"kind": code, "most": MOST}
            self.found.append(Problem("many_problems", place or Place(self.file), more, self.messages))

    def __bool__(self) -> bool:
        return bool(self.found)

    def sorted(self) -> tuple[Problem, ...]:
        """By place; a problem found twice is reported once."""
        unique = {(p.code, p.place, tuple(sorted((k, str(v)) for k, v in p.params.items()))): p for p in self.found}
        return tuple(sorted(unique.values(), key=lambda problem: (problem.place, problem.code)))
