"""``python -m governance_assessment``: score answers and check instruments from files. Needs no Django settings.

Exit status 0 when all is well, 2 for anything wrong in the command or the files; then stderr has one line for each
problem, ``FILE:LINE: sentence (place)``. See docs/reference/scoring.rst.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from governance_assessment.cli.change_words import grouped, size_text
from governance_assessment.cli.messages import LANGUAGES, problem_text, sentence
from governance_assessment.domain import (
    AnswerSet,
    Instrument,
    InvalidAnswers,
    InvalidData,
    InvalidInstrument,
    Recommendation,
    changes,
    check_answers,
    content_hash,
    doubled_steps,
    lines_of,
    load_json,
    load_yaml,
    missing_steps,
    needed_size,
    parse_answers,
    parse_instrument,
    parse_recommendations,
    replacement_problems,
    result_to_data,
    score,
    scoring_hash,
    step_between,
)
from nassij.common.terminal import preferred_language

#: One byte more than the domain accepts is enough to know that a file is too large.
_READ_AT_MOST = 1_048_577


class _Refused(Exception):
    """The lines to print before leaving with status 2."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Arabic must come out whatever the terminal claims
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        print(options.run(options), flush=True)
    except BrokenPipeError:  # `... | head`: whoever read has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except _Refused as refused:
        print(*refused.lines, sep="\n", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m governance_assessment", description="Score governance self-assessments; check instruments."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--instrument", required=True, metavar="FILE", help="instrument, YAML or JSON")
    common.add_argument(
        "--lang", choices=LANGUAGES, default=preferred_language(), help="language of messages and titles"
    )

    scoring = commands.add_parser("score", parents=[common], help="print the result of a set of answers as JSON")
    scoring.add_argument("--answers", required=True, metavar="FILE", help="answers, YAML or JSON")
    scoring.add_argument("--express", action="store_true", help="score the express indicators only")
    scoring.set_defaults(run=_score)

    validation = commands.add_parser("validate", parents=[common], help="check an instrument")
    validation.set_defaults(run=_validate)

    comparing = commands.add_parser("compare", parents=[common], help="compare a version with the one it replaces")
    comparing.add_argument("--with", required=True, metavar="FILE", dest="old", help="the version before, YAML or JSON")
    comparing.set_defaults(run=_compare)

    advice = commands.add_parser("recommendations", parents=[common], help="check the recommendations of an instrument")
    advice.add_argument("files", nargs="+", metavar="FILE", help="all the files of the instrument, YAML or JSON")
    advice.set_defaults(run=_recommendations)
    return parser


def _score(options: argparse.Namespace) -> str:
    instrument = _Source(options.instrument, options.lang).instrument()
    source = _Source(options.answers, options.lang)
    answers = source.answers(instrument)
    hashes = {"content_hash": content_hash(instrument), "scoring_hash": scoring_hash(instrument)}
    if options.express:
        instrument = instrument.express()
        answers = answers.restricted_to(instrument)
    data = result_to_data(score(instrument, answers))
    data["instrument"] |= hashes  # of the file, whichever form of it was scored
    language = options.lang if options.lang in instrument.languages else instrument.languages[0]
    _add_names(data["overall"], instrument, language)
    return json.dumps(data, ensure_ascii=False, indent=2)


def _validate(options: argparse.Namespace) -> str:
    instrument = _Source(options.instrument, options.lang).instrument()
    return sentence(
        "valid",
        options.lang,
        slug=instrument.slug,
        version=instrument.version,
        sections=len(instrument.sections),
        indicators=len(list(instrument.all_indicators())),
        express=len(list(instrument.express().all_indicators())),
    )


def _compare(options: argparse.Namespace) -> str:
    """Refused: a declaration that does not hold, and a number that announces less than what changed."""
    source = _Source(options.instrument, options.lang)
    new, old = source.instrument(), _Source(options.old, options.lang).instrument()
    problems = replacement_problems(old, new)
    if problems:
        raise source.refused(InvalidInstrument(problems))
    found = changes(old, new)
    lines = [
        f"{size_text(size, options.lang)}: {text}" for size, texts in grouped(found, options.lang) for text in texts
    ]
    needed, step = needed_size(found), step_between(old.version, new.version)
    if step is None or step < needed:
        numbers = {"old": old.version, "new": new.version, "size": size_text(needed, options.lang)}
        raise _Refused([*lines, f"{options.instrument}: {sentence('step_too_small', options.lang, **numbers)}"])
    fits = sentence("step_fits", options.lang, old=old.version, new=new.version, size=size_text(needed, options.lang))
    return "\n".join([*lines, fits])


def _recommendations(options: argparse.Namespace) -> str:
    instrument = _Source(options.instrument, options.lang).instrument()
    found: list[Recommendation] = []
    refused: list[str] = []
    for name in options.files:
        try:
            found += _Source(name, options.lang).recommendations(instrument)
        except _Refused as error:
            refused += error.lines
    if not refused:  # what is missing can only be said when everything could be read
        for key, steps in (
            ("missing_step", missing_steps(instrument, found)),
            ("doubled_step", doubled_steps(found)),
        ):
            refused += [sentence(key, options.lang, code=code, start=start, goal=start + 1) for code, start in steps]
    if refused:
        raise _Refused(refused)
    return sentence("valid_recommendations", options.lang, slug=instrument.slug, number=len(found))


def _add_names(node: dict[str, Any], instrument: Instrument, language: str) -> None:
    """Titles and label names in one language, so that the output can be read without the instrument."""
    titles = {section.code: section.title for section in instrument.all_sections()}
    nodes = [node]
    while nodes:
        current = nodes.pop()
        title = titles.get(current["code"], instrument.title) if current["code"] else instrument.title
        current["title"] = title.in_language(language)
        current["label_name"] = None if current["label"] is None else instrument.label_name(current["label"], language)
        nodes.extend(current.get("sections", ()))


class _Source:
    """One file, and how to speak about what is wrong in it."""

    def __init__(self, name: str, language: str) -> None:
        self.name = name
        self.language = language
        try:
            with Path(name).open("rb") as file:
                self.text = file.read(_READ_AT_MOST)
        except (OSError, ValueError) as error:
            detail = getattr(error, "strerror", None) or str(error)
            raise _Refused([f"{name}: {sentence('unreadable', language, detail=detail)}"]) from error

    def instrument(self) -> Instrument:
        try:
            return parse_instrument(self._load())
        except InvalidData as error:
            raise self.refused(error) from error

    def answers(self, instrument: Instrument) -> AnswerSet:
        try:
            answers = parse_answers(self._load())
            problems = check_answers(instrument, answers)
            if problems:
                raise InvalidAnswers(problems)
        except InvalidData as error:
            raise self.refused(error) from error
        return answers

    def recommendations(self, instrument: Instrument) -> tuple[Recommendation, ...]:
        try:
            return parse_recommendations(self._load(), instrument)
        except InvalidData as error:
            raise self.refused(error) from error

    def _load(self) -> Any:
        return load_json(self.text) if Path(self.name).suffix == ".json" else load_yaml(self.text)

    def refused(self, error: InvalidData) -> _Refused:
        lines = lines_of(self.text, [problem.path for problem in error.problems])
        ordered = sorted(error.problems, key=lambda problem: lines.get(problem.path, 0))
        return _Refused([self._line(problem, lines.get(problem.path)) for problem in ordered])

    def _line(self, problem: Any, line: int | None) -> str:
        place = f" ({problem.path})" if problem.path else ""
        where = f"{self.name}:{line}" if line and problem.path else self.name
        return f"{where}: {problem_text(problem, self.language)}{place}"


if __name__ == "__main__":
    sys.exit(main())
