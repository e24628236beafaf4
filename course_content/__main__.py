"""`python -m course_content check|build`: says what is wrong with the sources, and where; turns them into OLX."""

from __future__ import annotations

import argparse
import gettext
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from nassij.common.terminal import LANGUAGES, preferred_language

from .compiler import SOURCES, build, check
from .problems import Translate

CATALOGS = (SOURCES / "locale", SOURCES.parent / "xblocks" / "locale", SOURCES.parent / "nassij" / "common" / "locale")


def _(message: str) -> str:
    """Mark `message` for extraction into the catalogs; it is translated when it is shown."""
    return message


def translator(language: str) -> Translate:
    """The texts in `language`, from the compiled catalogs that are there; English where there are none."""
    chain: gettext.NullTranslations = gettext.NullTranslations()
    for folder in reversed(CATALOGS):
        try:
            catalog = gettext.translation("django", localedir=str(folder), languages=[language])
        except OSError:
            continue
        catalog.add_fallback(chain)
        chain = catalog
    return chain.gettext


def parser() -> argparse.ArgumentParser:
    command = argparse.ArgumentParser(prog="python -m course_content", description=__doc__)
    command.add_argument("action", choices=("check", "build"))
    command.add_argument(
        "--course", action="append", default=[], metavar="CODE", help="only this course (may be repeated)"
    )
    command.add_argument(
        "--sources", type=Path, default=SOURCES, metavar="DIR", help="folder with courses/ and facts.yaml"
    )
    command.add_argument("--out", type=Path, default=Path("build/courses"), metavar="DIR", help="where build writes")
    command.add_argument("--lang", choices=LANGUAGES, default=preferred_language(), help="language of the messages")
    return command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when all is well, 1 when the sources need correcting or the output cannot be written."""
    options = parser().parse_args(arguments)
    translate = translator(options.lang)
    try:
        checked = check(options.sources, options.course)
    except OSError as error:
        message = translate(_("The sources could not be read: %(detail)s. Correct the rights on them."))
        print(message % {"detail": error}, file=sys.stderr)
        return 1
    for problem in checked.problems:
        print(problem.line(translate), file=sys.stderr)
    if checked.problems:
        told = translate(_("%(count)s to correct; nothing was written.")) % {"count": len(checked.problems)}
        print(told, file=sys.stderr)
        return 1
    for problem in checked.dated:
        print(problem.line(translate), file=sys.stderr)
    if options.action == "check":
        if checked.dated:
            told = translate(_("%(count)s to look up again; the courses still build.")) % {"count": len(checked.dated)}
            print(told, file=sys.stderr)
            return 1
        units = sum(len(course.units) for course in checked.courses)
        print(
            translate(_("All is well: %(courses)s courses, %(units)s units."))
            % {"courses": len(checked.courses), "units": units}
        )
        return 0
    try:
        for run in build(checked, options.out):
            print(f"{run.key}  {run.folder}  {run.archive}")
    except OSError as error:
        message = translate(_("The output could not be written: %(detail)s. Choose another folder with --out."))
        print(message % {"detail": error}, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Arabic on a console that knows only Latin letters
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main())
