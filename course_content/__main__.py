"""Courses in files: make what comes next, say what is wrong and where, turn it into OLX, look at it."""

from __future__ import annotations

import argparse
import gettext
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from nassij.common.terminal import LANGUAGES, preferred_language
from xblocks.lesson.model import LANGUAGES as COURSE_LANGUAGES

from . import new
from .compiler import SOURCES, Checked, build, check
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
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--sources", type=Path, default=SOURCES, metavar="DIR", help="folder with courses/ and facts.yaml"
    )
    shared.add_argument("--lang", choices=LANGUAGES, default=preferred_language(), help="language of the messages")
    which = argparse.ArgumentParser(add_help=False)
    which.add_argument(
        "--course", action="append", default=[], metavar="CODE", help="only this course (may be repeated)"
    )
    command = argparse.ArgumentParser(prog="python -m course_content", description=__doc__)
    actions = command.add_subparsers(dest="action", required=True)

    make = actions.add_parser("new", help="make the files of a course, a section or a unit")
    kinds = make.add_subparsers(dest="kind", required=True)
    course = kinds.add_parser("course", parents=[shared], help="new course CODE")
    course.add_argument("code", help="for example money-and-accounts")
    course.add_argument("--language", action="append", default=[], choices=COURSE_LANGUAGES, help="may be repeated")
    section = kinds.add_parser("section", parents=[shared], help="new section COURSE NAME")
    unit = kinds.add_parser("unit", parents=[shared], help="new unit COURSE SECTION NAME [--quiz]")
    for each in (section, unit):
        each.add_argument("course", help="the code of the course")
    unit.add_argument("section", help="the folder of the section")
    section.add_argument("name", help="the folder to make, for example s2-money")
    unit.add_argument("name", help="the folder to make, for example u3-receipts")
    unit.add_argument("--quiz", action="store_true", help="a quiz that is graded, in place of a lesson")

    actions.add_parser("check", parents=[shared, which], help="say what is wrong: file, line, column and remedy")
    write = actions.add_parser("build", parents=[shared, which], help="check, then write the courses as OLX")
    write.add_argument("--out", type=Path, default=Path("build/courses"), metavar="DIR", help="where build writes")
    look = actions.add_parser("preview", parents=[shared], help="show the units as learners see them")
    look.add_argument("--port", type=int, default=8100)
    return command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when all is well, 1 when something needs correcting, cannot be read or cannot be written."""
    options = parser().parse_args(arguments)
    translate = translator(options.lang)
    if options.action == "new":
        return _new(options, translate)
    if options.action == "preview":
        return _preview(options, translate)
    try:
        checked = check(options.sources, options.course)
    except OSError as error:
        message = translate(_("The sources could not be read: %(detail)s. Correct the rights on them."))
        print(message % {"detail": error}, file=sys.stderr)
        return 1
    for problem in (*checked.problems, *checked.dated):
        print(problem.line(translate), file=sys.stderr)
    if checked.problems:
        told = translate(_("%(count)s to correct; nothing was written.")) % {"count": len(checked.problems)}
        print(told, file=sys.stderr)
        return 1
    return _say_how_it_stands(checked, translate) if options.action == "check" else _build(checked, options, translate)


def _say_how_it_stands(checked: Checked, translate: Translate) -> int:
    if checked.dated:
        told = translate(_("%(count)s to look up again; the courses still build.")) % {"count": len(checked.dated)}
        print(told, file=sys.stderr)
        return 1
    units = sum(len(course.units) for course in checked.courses)
    told = translate(_("All is well: %(courses)s courses, %(units)s units, %(guides)s guides."))
    print(told % {"courses": len(checked.courses), "units": units, "guides": len(checked.guides)})
    return 0


def _build(checked: Checked, options: argparse.Namespace, translate: Translate) -> int:
    try:
        for run in build(checked, options.out):
            print(f"{run.key}  {run.folder}  {run.archive}")
    except OSError as error:
        message = translate(_("The output could not be written: %(detail)s. Choose another folder with --out."))
        print(message % {"detail": error}, file=sys.stderr)
        return 1
    return 0


def _new(options: argparse.Namespace, translate: Translate) -> int:
    """Make the files, name them, and say which texts are to be written."""
    try:
        if options.kind == "course":
            made = new.new_course(options.sources, options.code, options.language)
        elif options.kind == "section":
            made = new.new_section(options.sources, options.course, options.name)
        else:
            made = new.new_unit(options.sources, options.course, options.section, options.name, quiz=options.quiz)
    except new.CannotMake as error:
        print(error.line(translate), file=sys.stderr)
        return 1
    except OSError as error:
        message = translate(_("The files could not be written: %(detail)s. Correct the rights on the folder."))
        print(message % {"detail": error}, file=sys.stderr)
        return 1
    for path in made:
        print(path)
    own = {path.resolve() for path in made}
    for problem in check(options.sources).problems:
        if Path(problem.place.file).resolve() in own:
            print(problem.line(translate))
    return 0


def _preview(options: argparse.Namespace, translate: Translate) -> int:
    from .preview import server

    try:
        site = server.make(options.sources, options.lang, options.port)
    except (OSError, OverflowError) as error:
        message = translate(_("The preview cannot start: %(detail)s. Choose another port with --port."))
        print(message % {"detail": error}, file=sys.stderr)
        return 1
    print(
        translate(_("Preview: %(address)s (Ctrl-C stops it)"))
        % {"address": f"http://{server.HOST}:{site.server_port}/"}
    )
    sys.stdout.flush()
    try:
        site.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        site.server_close()
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Arabic on a console that knows only Latin letters
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main())
