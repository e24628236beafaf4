"""What can be wrong with a reference guide; `course_content.problems` has the whole table."""

from __future__ import annotations


def _(message: str) -> str:
    """Mark `message` for extraction into the catalogs; it is translated when it is shown."""
    return message


MESSAGES: dict[str, tuple[str, str]] = {
    "guide_code": (
        _("“%(value)s” cannot be the code of a guide."),
        _("Use G and a number, or small Latin letters and hyphens, for example legal-calendar."),
    ),
    "guide_folder": (
        _("The code is “%(value)s”, but the folder is called “%(folder)s”."),
        _("Give the folder the name of the code: links to the guide hang on it."),
    ),
    "guide_version": (_("“%(value)s” is not a version."), _("Write three numbers with points, for example 1.0.0.")),
    "guide_topic": (_("“%(value)s” is not a topic."), _("Use one of %(known)s.")),
    "guide_ends_early": (
        _("The guide ends before it begins (%(start)s)."),
        _("Correct valid_from: or valid_until:."),
    ),
    "guide_without_text": (_("There is no text here."), _("Write it, or remove the file.")),
    "guide_picture": (
        _("The picture %(src)s cannot be printed in a guide."),
        _("Say it in words, or as a list or a table."),
    ),
    "guide_code_block": (
        _("A block of code stands here."),
        _("Remove the back quotes, or the four spaces at the beginning of the line."),
    ),
    "guide_long_text": (
        _("This text has %(characters)s characters; at most %(most)s are allowed."),
        _("Say it shorter: it stands in a cell or on one line."),
    ),
    "guide_file": (
        _("%(name)s is no template."),
        _("Name documents code.ar.md and code.fr.md, workbooks code.yaml, in small Latin letters; remove the rest."),
    ),
    "guide_translation": (_("The file %(name)s is missing."), _("Write the document in that language too.")),
    "guide_front_matter": (
        _("%(name)s does not start with its title."),
        _("Begin with a line ---, title: and description:, and a second line ---."),
    ),
    "guide_blank": (
        _("“%(name)s” is not a blank we know."),
        _("Correct its name; known: %(known)s."),
    ),
    "guide_braces": (
        _("Two braces stand here that are no blank."),
        _("Write {{name}} or {{name|words}} on one line."),
    ),
    "guide_blanks_differ": (
        _("The blanks are not those of %(file)s: %(difference)s."),
        _("Give every language the same blanks."),
    ),
    "guide_name": (
        _("“%(value)s” cannot be a name here."),
        _("Use small Latin letters, digits and single underscores, for example unit_cost."),
    ),
    "duplicate_entry": (_("“%(value)s” is used twice."), _("Give each entry a code of its own.")),
    "guide_kind": (_("“%(value)s” is not a kind of cell."), _("Use one of %(known)s.")),
    "guide_figure_kind": (_("A figure cannot be of the kind “%(value)s”."), _("Use number, money or percent.")),
    "guide_column_kind": (
        _("A column of the kind “%(value)s” is neither computed nor summed."),
        _("Use number, money or percent, or remove formula: and sum:."),
    ),
    "guide_value": (
        _("“%(value)s” is not a number."),
        _("Write digits with a point, for example 0.1 for ten per cent."),
    ),
    "guide_choices": (
        _("Choices and kind do not fit."),
        _("Give choices: to a column of kind choice, and to no other."),
    ),
    "guide_choice": (
        _("“%(value)s” cannot be a choice."),
        _("Write at most 30 characters, without a comma, and no formula."),
    ),
    "guide_formula_text": (
        _("“%(text)s” would be computed by a spreadsheet program."),
        _("Begin the text with a word; a formula belongs under formula: or when:."),
    ),
    "guide_formula": (
        _("From here on “%(text)s” is not a formula we can read."),
        _("Use numbers, {names}, + - * / < <= = <> >= >, brackets and AND, OR, NOT, IF, MIN, MAX, ABS, ROUND, EMPTY."),
    ),
    "guide_unknown_name": (
        _("“%(name)s” is no column, figure or sum here."),
        _("Use one of %(known)s."),
    ),
    "guide_circle": (
        _("The formula of “%(name)s” comes back to itself."),
        _("Compute it from columns that people fill in."),
    ),
    "guide_many": (
        _("“%(key)s” has %(count)s entries; at most %(most)s are allowed."),
        _("Leave out what nobody needs, or make a second workbook."),
    ),
    "unregistered_guide": (
        _("The guide %(code)s is not in guides.yaml."),
        _("Add its titles there: lessons and results name guides from that list."),
    ),
}
