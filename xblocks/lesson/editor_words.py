"""What the editor's scripts say, in the active language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def editor_words() -> dict[str, str]:
    """The words of `lesson_studio.js` and its parts; `{…}` is filled in by the script."""
    return {
        "saving": _("Saving the lesson"),
        "failed": _("The lesson was not saved."),
        "saved": _("Saved"),
        "saved_before": _("Saved, but not what you wrote meanwhile. Save again."),
        # Steps
        "step": _("Step {step} of {total}"),
        "untitled": _("Without a title yet"),
        "up": _("Move up"),
        "down": _("Move down"),
        "copy": _("Duplicate"),
        "remove": _("Delete this"),
        "add_step": _("Add a step here:"),
        "add": _("Add: {what}"),
        "moved": _("Moved: step {step} of {total}."),
        "removed": _("Deleted. “Undo” brings it back."),
        "copied": _("Duplicated."),
        "undone": _("Undone."),
        "redone": _("Done again."),
        "as_text": _("This kind of step is written in the text."),
        "optional": _("optional"),
        # Preview and marks
        "preview": _("As the learner sees it"),
        "preview_waits": _("The preview appears here."),
        "marks_empty": _("to be written"),
        "marks_script": _("still to be translated?"),
        "marks_problem": _("to be corrected"),
        "marks_heavy": _("heavy: {size} KB"),
        "marks_broken": _("picture not found"),
        "heavy": _("{name} has {size} KB; more than {most} KB is dear for learners on a phone. Make it smaller."),
        "broken": _("{name} cannot be loaded."),
        "nothing_missing": _("Nothing is missing."),
        "missing": _("Steps to look at: {count}"),
        # Pictures and files
        "picture": _("Add a picture"),
        "file": _("Choose a file"),
        "address": _("Address of the file"),
        "file_size": _("Its size, in KB"),
        "upload": _("From this device"),
        "uploading": _("Uploading…"),
        "search_files": _("Search the files of the course"),
        "no_files": _("No file of this kind was found."),
        "more_files": _("Show more"),
        "alt": _("What the picture shows, for who cannot see it"),
        "caption": _("Caption"),
        "insert": _("Put the picture in"),
        "close": _("Close this"),
        "alt_first": _("Say first what the picture shows."),
        "size": _("{size} KB"),
        "picked": _("Chosen: {name} ({size} KB)"),
        "made_smaller": _("Made smaller: from {before} to {size} KB."),
        "svg_cleaned": _("Taken out of the picture, because it could do harm: {what}."),
        "upload_failed": _("The file was not uploaded. Try again; what you wrote is still there."),
        # Both versions
        "about": _("About the lesson"),
        "mine": _("Your version"),
        "theirs": _("Saved by somebody else"),
        "keep_mine": _("Keep mine"),
        "take_theirs": _("Take the other one"),
        "order": _("Order of the steps"),
        # Leaving
        "unsaved": _("You have changes that are not saved."),
        "leave": _("Leave without saving"),
        "stay": _("Go on writing"),
        "found": _("You did not save your last changes to this lesson. They are still on this device."),
        "restore": _("Go on with them"),
        "forget": _("Delete them"),
        "text_wrong": _("Correct the text first: the cards cannot show it yet. Nothing is lost."),
        "line": _("Line"),
    }
