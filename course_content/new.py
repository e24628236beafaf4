"""`new course|section|unit`: what comes next, in every language of the course, entered in the list above it.

Nothing that is there is overwritten: a folder of that name, a code that is taken or a list that cannot be added to is an error.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from xblocks.lesson.model import LANGUAGES, is_code

from . import skeletons
from .archive import write_file
from .problems import Translate

DEFAULT_LANGUAGES = ("ar", "fr")
_BEGINNING = re.compile(r"[a-z]\d+")


def _(message: str) -> str:
    """Mark `message` for extraction into the catalogs; it is translated when it is shown."""
    return message


class CannotMake(Exception):
    """Nothing was written; the message says why and what to do."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.text, self.params = message, params

    def line(self, translate: Translate) -> str:
        return translate(self.text) % self.params


@dataclass(frozen=True, slots=True)
class Frame:
    """What is needed of a `course.yaml` to add to the course."""

    folder: Path
    languages: tuple[str, ...]
    run: str

    @classmethod
    def of(cls, sources: Path, code: str) -> Frame:
        folder = sources / "courses" / code
        found = _yaml(folder / "course.yaml")
        runs = found.get("runs")
        runs = runs if isinstance(runs, Mapping) else {}
        languages = tuple(language for language in runs if language in LANGUAGES)
        if not languages:
            raise CannotMake(
                _("%(file)s cannot be read, or names no runs. Run check, and correct it first."),
                file=folder / "course.yaml",
            )
        first = runs[languages[0]]
        return cls(folder, languages, str(first.get("course", code)) if isinstance(first, Mapping) else code)


def new_course(sources: Path, code: str, languages: Sequence[str] = ()) -> tuple[Path, ...]:
    """Make `courses/<code>/course.yaml`; in `languages`, else in those of the other courses."""
    _require_code(code)
    frames = [found for path in sorted((sources / "courses").glob("*/course.yaml")) if (found := _yaml(path))]
    spoken = tuple(languages) or _released(frames)
    number = 1 + max((value for found in frames if isinstance(value := found.get("number"), int)), default=0)
    org = next((str(found["org"]) for found in frames if found.get("org")), "Nassij")
    run = f"{code.split('-')[0][:4].upper()}{number}"
    text = skeletons.course(code, number, org, run, spoken)
    return _make(sources / "courses" / code, {"course.yaml": text})


def new_section(sources: Path, course: str, name: str) -> tuple[Path, ...]:
    """Make `<name>/section.yaml` in a course, and list it there."""
    _require_code(name)
    frame = Frame.of(sources, course)
    entered = _entered(frame.folder / "course.yaml", "sections", name)
    made = _make(frame.folder / name, {"section.yaml": skeletons.section(name, frame.languages)})
    return (*made, *entered())


def new_unit(sources: Path, course: str, section: str, name: str, *, quiz: bool = False) -> tuple[Path, ...]:
    """Make a lesson, or a quiz, in every language of its course, and list it in its section."""
    _require_code(name)
    frame = Frame.of(sources, course)
    entered = _entered(frame.folder / section / "section.yaml", "units", f"quiz: {name}" if quiz else name)
    code = _free_code(sources, frame.run.lower(), section, name)
    write = skeletons.quiz if quiz else skeletons.lesson
    texts = {f"{language}.md": write(code, language) for language in frame.languages}
    return (*_make(frame.folder / section / name, texts), *entered())


def _require_code(name: str) -> None:
    if not is_code(name):
        raise CannotMake(
            _("“%(name)s” cannot be a name here. Use small Latin letters, digits and single hyphens."), name=name
        )


def _released(frames: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The languages in which there are courses."""
    spoken = {language for found in frames for language in found.get("runs") or ()}
    return tuple(language for language in LANGUAGES if language in spoken) or DEFAULT_LANGUAGES


def _free_code(sources: Path, prefix: str, section: str, name: str) -> str:
    """A code that no unit has: of the beginnings `s1` and `u3` of the names where they have them, else of the whole names."""
    taken = set(_codes(sources))
    short = [match[0] if (match := _BEGINNING.match(part)) else part for part in (section, name)]
    candidates = ("-".join((prefix, *short)), "-".join((prefix, short[0], name)), "-".join((prefix, section, name)))
    for code in candidates:
        if code not in taken and is_code(code):
            return code
    raise CannotMake(_("The code “%(code)s” is taken. Choose another name for the unit."), code=candidates[0])


def _codes(sources: Path) -> Iterator[str]:
    """The codes of all units, as far as they can be read."""
    for path in (sources / "courses").rglob("*.md"):
        match = re.search(r"^code:[ \t]*[\"']?([a-z0-9-]+)", path.read_text("utf-8", errors="replace"), re.MULTILINE)
        if match:
            yield match[1]
    for path in (sources / "courses").rglob("section.yaml"):
        for unit in _yaml(path).get("units") or ():
            if isinstance(unit, Mapping) and unit.get("code"):
                yield str(unit["code"])


def _yaml(path: Path) -> Mapping[str, Any]:
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _make(folder: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    """Write a new folder: whole, or not at all."""
    if folder.exists() or folder.is_symlink():
        raise CannotMake(_("%(folder)s is there already. Nothing was changed; choose another name."), folder=folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        staged.chmod(0o755)
        for name, text in texts.items():
            (staged / name).write_text(text, "utf-8")
        staged.rename(folder)
    except OSError:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    return tuple(folder / name for name in texts)


def _entered(path: Path, key: str, entry: str) -> Callable[[], tuple[Path, ...]]:
    """What writes `entry` at the end of the list `key` of a file; tried out at once, so that nothing is made in vain."""
    try:
        text = path.read_text("utf-8")
        longer = with_entry(text, key, entry)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise CannotMake(
            _("%(entry)s cannot be added to %(key)s: in %(file)s. Run check, and correct that file first."),
            entry=entry,
            key=key,
            file=path,
        ) from error

    def write() -> tuple[Path, ...]:
        write_file(path, longer.encode())
        return (path,)

    return write


def with_entry(text: str, key: str, entry: str) -> str:
    """YAML with `entry` added to the list `key`, comments and layout as they were; `ValueError` when that is not possible."""
    before = yaml.safe_load(text)
    listed = before[key] if isinstance(before, dict) and isinstance(before.get(key), list) else None
    if listed is None:
        raise ValueError(f"{key}: is no list")
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    node = next(value for name, value in root.value if name.value == key)
    if not listed:
        longer = f"{text[: node.start_mark.index].rstrip()}\n  - {entry}{text[node.end_mark.index :]}"
    elif node.flow_style:
        end = node.end_mark.index - 1
        written = f"{{{entry}}}" if ": " in entry else entry
        longer = text[:end].rstrip() + f", {written}" + text[end:]
    else:
        end = len(text[: node.value[-1].end_mark.index].rstrip())
        end = text.find("\n", end) if "\n" in text[end:] else len(text)
        longer = f"{text[:end]}\n{' ' * node.start_mark.column}- {entry}{text[end:]}"
    if yaml.safe_load(longer) != {**before, key: [*listed, yaml.safe_load(entry)]}:
        raise ValueError(f"{key}: is laid out in a way that cannot be added to")
    return longer
