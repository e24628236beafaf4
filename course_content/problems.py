"""What can be wrong with a course beyond its lessons; the lessons' own table is `xblocks.lesson.problems`."""

from __future__ import annotations

from xblocks.lesson.problems import MESSAGES as LESSON_MESSAGES
from xblocks.lesson.problems import Place, Problem, Problems, Translate

__all__ = ["MESSAGES", "Place", "Problem", "Problems", "Translate"]


def _(message: str) -> str:
    """Mark `message` for extraction into the catalogs; it is translated when it is shown."""
    return message


MESSAGES: dict[str, tuple[str, str]] = {
    **LESSON_MESSAGES,
    "no_courses": (_("There are no courses in %(folder)s."), _("Name the folder that holds the course folders.")),
    "unknown_course": (_("There is no course %(code)s."), _("Known courses: %(known)s.")),
    "missing_file": (_("The file %(name)s is missing."), _("Add it, or remove what points to it.")),
    "not_a_file": (
        _("“%(name)s” is not a file."),
        _("Put a file of that name in its place."),
    ),
    "unreadable_file": (
        _("The file %(name)s cannot be read: %(detail)s."),
        _("Correct the rights on it, or put a new copy in its place."),
    ),
    "leads_out": (
        _("“%(name)s” is a link that leads out of the sources."),
        _("Put the file or folder itself in its place."),
    ),
    "missing_folder": (
        _("The folder “%(name)s” is listed, but it is not there."),
        _("Create it, or correct its name in the list."),
    ),
    "unlisted_folder": (
        _("The folder “%(name)s” is not listed in %(list)s."),
        _("Add its name where it belongs in the list, or remove the folder."),
    ),
    "listed_twice": (_("“%(name)s” is listed twice."), _("Keep one of the two.")),
    "bad_folder": (
        _("“%(name)s” cannot be the name of a folder here."),
        _("Use small Latin letters, digits and hyphens."),
    ),
    "missing_language": (
        _("“%(name)s” is missing in the language %(language)s."),
        _("Write it: every unit and title exists in each language of the course."),
    ),
    "missing_translation": (
        _("The unit “%(unit)s” has no %(file)s."),
        _("Write the unit in that language too, with the same ids."),
    ),
    "bad_run": (
        _("“%(value)s” cannot be part of a course key."),
        _("Use Latin letters, digits, dots, hyphens and underscores."),
    ),
    "duplicate_run": (
        _("The run %(key)s belongs to two courses."),
        _("Give each language of each course its own run."),
    ),
    "duplicate_code": (
        _("The code “%(value)s” is already used in %(first)s."),
        _("Give the newer one a code of its own; codes never change once learners use them."),
    ),
    "code_differs": (
        _("The code is “%(here)s” here and “%(there)s” in %(file)s."),
        _("Write the same code in every language."),
    ),
    "steps_differ": (
        _("The steps here (%(here)s) are not those of %(file)s (%(there)s)."),
        _("Give both languages the same steps, in the same order, with the same ids."),
    ),
    "choices_differ": (
        _("The choices of “%(id)s” (%(here)s) are not those of %(file)s (%(there)s)."),
        _("Give both languages the same choices with the same ids."),
    ),
    "answers_differ": (
        _("The right answers of “%(id)s” are not the same in %(file)s."),
        _("Mark the same choices as right in every language."),
    ),
    "kind_differs": (
        _("“%(id)s” is of another kind in %(file)s."),
        _("Use the same kind and the same number of tries in every language."),
    ),
    "facts_differ": (
        _("The facts cited here are not those of %(file)s: %(difference)s."),
        _("Cite the same facts in every language."),
    ),
    "fact_mark": (_("“%(value)s” is not a mark."), _("Use one of %(known)s.")),
    "missing_asset": (_("The picture %(src)s is not there."), _("Put the file into assets/, or correct its name.")),
    "unused_asset": (_("No lesson shows this picture."), _("Use it or remove it.")),
    "asset_kind": (_("%(name)s is not a kind of picture we show."), _("Use %(known)s.")),
    "asset_size": (
        _("The picture has %(size)s bytes; at most %(most)s are allowed."),
        _("Make it smaller: learners pay for each byte."),
    ),
    "unsafe_picture": (
        _("The SVG cannot be used: %(detail)s."),
        _("Save it as plain SVG, without scripts, links to other files or embedded pictures."),
    ),
    "unknown_unit_block": (_("“%(value)s” cannot be a unit."), _("Known: %(known)s.")),
    "reserved_setting": (
        _("“%(key)s” cannot be set here: the compiler writes it."),
        _("Remove it; the code and the title of the unit say it."),
    ),
    "bad_setting_name": (
        _("“%(key)s” cannot be the name of a setting."),
        _("Use the name of a setting of the block: small Latin letters, digits and underscores."),
    ),
    "bad_setting": (_("“%(key)s” must be a single value."), _("Write key: value.")),
}
