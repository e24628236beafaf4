"""What can be wrong with a course beyond its lessons; the lessons' own table is `xblocks.lesson.problems`."""

from __future__ import annotations

from xblocks.lesson.problems import MESSAGES as LESSON_MESSAGES
from xblocks.lesson.problems import Place, Problem, Problems, Translate

from .guide_problems import MESSAGES as GUIDE_MESSAGES

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
    "file_content": (
        _("%(name)s is not what its ending says."),
        _("Save it again from the program it was made with; do not only change its name."),
    ),
    "file_packed": (
        _("%(name)s is packed in a way that is refused (%(detail)s)."),
        _("Save it again, without macros, passwords or other archives inside."),
    ),
    "unused_asset": (_("No lesson shows this picture."), _("Use it or remove it.")),
    "asset_kind": (_("%(name)s is not a kind of picture we show."), _("Use %(known)s.")),
    "asset_size": (
        _("The picture has %(size)s bytes; at most %(most)s are allowed."),
        _("Make it smaller: learners pay for each byte."),
    ),
    "picture_pixels": (
        _("The picture is %(width)s by %(height)s pixels; the longer side may have %(most)s."),
        _("Make it smaller: a phone shows no more than that."),
    ),
    "pictures_weigh": (
        _("The pictures of this unit have %(size)s bytes together; at most %(most)s are allowed."),
        _("Make them smaller, or split the unit: learners pay for each byte."),
    ),
    "svg_broken": (
        _("The SVG is not well-formed: %(detail)s."),
        _("Save it again from your drawing program, as plain SVG."),
    ),
    "svg_doctype": (_("The SVG has a DOCTYPE, which could hold anything."), _("Remove the line <!DOCTYPE …>.")),
    "svg_root": (_("This is no SVG: it begins with <%(name)s>."), _("Save the picture as plain SVG.")),
    "svg_script": (_("The SVG holds a script (%(name)s)."), _("Remove it: a picture does nothing.")),
    "svg_element": (
        _("The SVG holds <%(name)s>, which is not among what we show."),
        _("Save it as plain SVG, or remove this part."),
    ),
    "svg_raster": (
        _("The SVG holds an embedded picture (%(name)s)."),
        _("Draw it, or use a PNG or WebP file of its own: inside an SVG it weighs a third more."),
    ),
    "svg_remote": (
        _("The SVG leads outside itself (%(name)s)."),
        _("Keep all it needs inside it; fonts are those of the phone."),
    ),
    "svg_drawn_text": (
        _("A text of the SVG has been turned into curves."),
        _("Keep texts as texts, so that they can be read out, searched and translated."),
    ),
    "svg_pieces": (
        _("In the SVG, parts point to other parts so often that a phone would have to draw more than %(most)s pieces."),
        _("Draw the parts themselves instead of pointing to them."),
    ),
    "svg_without_view": (
        _("The SVG has no viewBox, so it cannot take the width of the screen."),
        _('Add viewBox="0 0 width height" to <svg>.'),
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
    # What learners cannot see
    "bidi_control": (
        _("An invisible character that turns text round stands here (%(shown)s)."),
        _("Delete it. For a number in Arabic write [07-09]{.ltr}."),
    ),
    "control_character": (
        _("A character that no page can show stands here (%(shown)s)."),
        _("Delete it and type the word again."),
    ),
    "invisible_character": (
        _("An invisible character stands here (%(shown)s)."),
        _("Delete it: it came along when the text was copied."),
    ),
    "lost_character": (
        _("A character was lost here when the file was saved."),
        _("Type it again, and save the file with the encoding UTF-8."),
    ),
    "wrong_encoding": (
        _("This was read with the wrong encoding: %(shown)s."),
        _("Type the accents again, and save the file with the encoding UTF-8."),
    ),
    "presentation_form": (
        _("Arabic letters stand here in the shapes of a printed page (%(shown)s)."),
        _("Type the word again: copied out of a PDF it can be neither searched nor read out."),
    ),
    "eastern_digits": (
        _("These digits are not those of the rest: %(shown)s."),
        _("Write 0 to 9, as Moroccan administrations do."),
    ),
    # How it is written
    "text_to_write": (_("Still to be written: %(text)s."), _("Write your text in place of ⟦…⟧.")),
    "long_sentence": (
        _("This sentence has %(words)s words; at most %(most)s are allowed."),
        _("Make two of it: one thought, one sentence."),
    ),
    "long_paragraph": (
        _("This paragraph has %(words)s words; at most %(most)s are allowed."),
        _("Cut it where the thought changes, or make a list of it."),
    ),
    "long_title": (
        _("This title has %(words)s words; at most %(most)s are allowed."),
        _("Say it shorter: on a phone a title has two lines."),
    ),
    "long_unit": (
        _("This unit has %(words)s words; at most %(most)s are allowed."),
        _("Make two units of it: a learner finishes one on the way."),
    ),
    "many_steps": (
        _("This unit has %(steps)s steps; at most %(most)s are allowed."),
        _("Make two units of it."),
    ),
    "few_minutes": (
        _("%(words)s words cannot be read in that time."),
        _("Write minutes: %(minutes)s or more, or shorten the unit."),
    ),
    "number_not_isolated": (
        _("In Arabic the number %(number)s is shown the wrong way round."),
        _("Write [%(number)s]{.ltr}."),
    ),
    "wrong_language": (
        _("This text is not in the language of its file (%(language)s)."),
        _("Translate it, or move it to the file of its language."),
    ),
    "not_translated": (
        _("The step “%(id)s” is the same, word for word, in %(file)s."),
        _("Translate it."),
    ),
    "markup_dropped": (
        _("%(markup)s has no effect: it is removed before the page is shown."),
        _("Remove it. Only {.ltr} and {.rtl} are known after square brackets."),
    ),
    "heading_order": (
        _("A heading %(here)s stands where %(expected)s is expected."),
        _("Do not skip a level: people who listen to the page move by headings."),
    ),
    "wide_table": (
        _("This table has %(columns)s columns; a phone shows %(most)s at most."),
        _("Make a list of it, or two tables."),
    ),
    "uneven_row": (
        _("This row has %(cells)s cells, the first one has %(columns)s."),
        _("Give each row as many cells as the first: what is too much would be lost."),
    ),
    "link_insecure": (
        _("The link %(href)s is not protected."),
        _("Write https:// when the site has it, or name the site without a link."),
    ),
    "link_inside": (
        _("The link %(href)s leads nowhere."),
        _("To another unit write /jump_to_id/ and its code, to another site its whole https:// address."),
    ),
    "link_without_text": (_("The link %(href)s has no words."), _("Write between the square brackets where it leads.")),
    "link_text_vague": (
        _("“%(text)s” does not say where the link leads."),
        _("Use the name of the page: people who listen hear the links alone."),
    ),
    "broken_link": (
        _("This course has no unit with the code “%(code)s”."),
        _("Correct the code, or take the link away."),
    ),
    "description_is_name": (
        _("“%(text)s” is the name of a file, not a description."),
        _("Write what the picture shows, for people who cannot see it."),
    ),
    "long_description": (
        _("The description of the picture has %(characters)s characters; at most %(most)s are allowed."),
        _("Describe it in short, and put the rest into the text for everybody."),
    ),
    "same_choice": (_("Two choices say the same: “%(text)s”."), _("Change one of them, or remove it.")),
    "same_feedback": (
        _("Two choices have the same feedback: “%(text)s”."),
        _("Say for each choice why it is right, or what to look at again."),
    ),
    "all_right": (
        _("Every choice is right, so there is nothing to choose."),
        _("Add a wrong choice that people really make."),
    ),
    # Law and dates
    "law_without_source": (
        _("This unit speaks of the law (“%(law)s”) without a source."),
        _("Add facts: with numbers from facts.yaml, or sources:, and checked_on:."),
    ),
    "checked_in_future": (
        _("The check is dated %(day)s, but today is %(today)s."),
        _("Write the day on which you really looked it up."),
    ),
    "checked_too_old": (
        _("This was last checked on %(day)s, more than %(days)s days ago."),
        _("Look it up again, then write the new date."),
    ),
    # Languages side by side
    "objectives_differ": (
        _("There are %(here)s objectives here and %(there)s in %(file)s."),
        _("Give both languages the same objectives."),
    ),
    "practice_differs": (
        _("There are %(here)s entries under practice: here and %(there)s in %(file)s."),
        _("Give both languages the same exercises."),
    ),
    "guide_differs": (_("%(file)s names another guide."), _("Name the same guide in every language.")),
    "pictures_differ": (
        _("The step “%(id)s” does not have as many pictures as in %(file)s."),
        _("Show the same pictures in every language, each with its words translated."),
    ),
    # Quizzes and courses
    "quiz_text": (
        _("A quiz holds questions only, no text."),
        _("Move the text into a lesson before the quiz, or into the question."),
    ),
    "end_before_start": (
        _("The course ends before it starts (%(start)s)."),
        _("Correct start: or end:."),
    ),
    # Reference guides
    **GUIDE_MESSAGES,
}
