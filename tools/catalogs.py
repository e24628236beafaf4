"""The message catalogs: `python -m tools.catalogs update|check`.

`update` rewrites the Arabic and French `.po` files from the sources (GNU gettext, through Django's makemessages). `check` fails
when a catalog is not complete: a message missing, left over, fuzzy or untranslated, a plural form missing, or a placeholder lost;
when a source marks a text where gettext cannot see it: inside an f-string, or put together when it runs; and when a text has
two translations: Django joins all catalogs of a site into one, so one of the two would never be seen.
"""

import ast
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import django
import rest_framework
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
TUTOR_PLUGIN = ROOT / "tutor_plugin/tutornassij"
LANGUAGES = ("ar", "fr")
PLURAL_FORMS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;",
    "fr": "nplurals=2; plural=(n > 1);",
}
GETTEXT = re.compile(r"_|u?[dnp]{0,3}gettext(_lazy|_noop)?")
"""The names a text is marked with: `_`, `gettext`, `ngettext_lazy`, `pgettext`, …"""
PLATFORM_APPS = (
    *(
        Path(django.__file__).parent / "contrib" / name
        for name in ("admin", "auth", "contenttypes", "sessions", "sites")
    ),
    Path(rest_framework.__file__).parent,
)
"""Apps that come before ours on the platform: where they translate a text, their words are shown."""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def packages() -> list[Path]:
    """The folders that carry a catalog: every Django app of ours, the demo, and the Tutor plugin."""
    apps = [path.parent for path in sorted(ROOT.glob("*/apps.py")) + sorted(ROOT.glob("nassij/*/apps.py"))]
    others = (ROOT / "demo", ROOT / "course_content", TUTOR_PLUGIN)
    return [*apps, *(folder for folder in others if folder not in apps)]


def catalog_path(package: Path, language: str) -> Path:
    domain = "messages" if package == TUTOR_PLUGIN else "django"  # the plugin runs where there is no Django
    return package / "locale" / language / f"LC_MESSAGES/{domain}.po"


def extract(package: Path, folder: Path) -> Catalog:
    """The messages of the sources of `package`, found in a copy of it below `folder`."""
    copy = folder / package.relative_to(ROOT)
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("locale", "node_modules", "*.mo", "__pycache__"))
    (copy / "locale").mkdir()
    command = [
        sys.executable,
        "-P",
        "-m",
        "django",
        "makemessages",
        "--locale",
        "en",
        "--add-location",
        "file",
        "--no-wrap",
    ]
    command += ["--extension", "html,txt,py", "--verbosity", "0"]
    subprocess.run(command, cwd=copy, check=True)
    found = copy / "locale/en/LC_MESSAGES/django.po"
    if not found.exists():
        return Catalog(locale="en")
    with found.open("rb") as source:
        return read_po(source, locale="en")


def merge(template: Catalog, existing: Catalog | None, language: str) -> Catalog:
    """The catalog of `language` with exactly the messages of `template`; known translations kept, nothing guessed."""
    merged = Catalog(locale=language, charset="utf-8", project="openedx-nassij", fuzzy=False, header_comment="")
    merged.mime_headers  # noqa: B018 - builds the headers
    for message in template:
        if not message.id:
            continue
        known = existing.get(message.id, context=message.context) if existing else None
        text = known.string if known and not known.fuzzy else None
        merged.add(
            message.id,
            string=text or ("" if not message.pluralizable else ("",) * merged.num_plurals),
            locations=message.locations,
            flags=[flag for flag in message.flags if flag != "fuzzy"],
            auto_comments=message.auto_comments,
            context=message.context,
        )
    return merged


def read(path: Path, language: str) -> Catalog | None:
    if not path.exists():
        return None
    with path.open("rb") as source:
        return read_po(source, locale=language)


def update() -> int:
    with tempfile.TemporaryDirectory() as name:
        for package in packages():
            template = extract(package, Path(name))
            if not any(message.id for message in template):
                continue
            for language in LANGUAGES:
                path = catalog_path(package, language)
                merged = merge(template, read(path, language), language)
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as target:
                    write_po(target, merged, width=0, sort_output=True, omit_header=False, include_lineno=False)
                stamp(path, language)
    return 0


def stamp(path: Path, language: str) -> None:
    """Leave only the headers that mean something, so that the file changes only when a text does."""
    text = path.read_text("utf-8")
    _header, _gap, rest = text.partition("\n\n")
    lines = [
        'msgid ""',
        'msgstr ""',
        f'"Language: {language}\\n"',
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=UTF-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        f'"Plural-Forms: {PLURAL_FORMS[language]}\\n"',
    ]
    path.write_text("\n".join(lines) + "\n\n" + rest, "utf-8")


def hidden_calls(source: str) -> Iterator[tuple[int, str]]:
    """(line, what is wrong) for every text of `source` that is marked for translation where extraction does not find it.

    xgettext reads no code inside an f-string, and takes only texts that are written out.
    """
    tree = ast.parse(source)
    names = {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname and GETTEXT.fullmatch(alias.name)
    }
    inside = {
        id(call)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if not (GETTEXT.fullmatch(name) or name in names):
            continue
        if id(node) in inside:
            yield node.lineno, f"{name}() inside an f-string is not extracted: call it before"
        elif any(_made_when_run(argument) for argument in node.args):
            yield node.lineno, f"{name}() of a text made when it runs is not extracted: mark the text, then fill it in"


def _made_when_run(argument: ast.expr) -> bool:
    """Whether a text is put together by the code: an f-string, `+` or `%` of texts, `.format`."""
    if isinstance(argument, ast.JoinedStr):
        return True
    if isinstance(argument, ast.BinOp):
        return any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(argument))
    function = argument.func if isinstance(argument, ast.Call) else None
    return isinstance(function, ast.Attribute) and function.attr == "format"


def faults(message: Message, translated: Message | None, plurals: int) -> str | None:
    """What is wrong with the translation of one message, or None."""
    if translated is None:
        return "missing"
    if translated.fuzzy:
        return "fuzzy"
    texts = translated.string if isinstance(translated.string, (tuple, list)) else (translated.string,)
    if not texts or not all(texts):
        return "untranslated"
    if message.pluralizable and len(texts) != plurals:
        return f"{len(texts)} of {plurals} plural forms"
    sources = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    known = set(PLACEHOLDER.findall(" ".join(sources)))
    if any(set(PLACEHOLDER.findall(text)) - known for text in texts):
        return "an unknown placeholder"
    # A plural form may leave out the number ("one lesson"); a plain text may lose nothing.
    if not message.pluralizable and set(PLACEHOLDER.findall(texts[0])) != known:
        return "a lost placeholder"
    return None


def clashes(ours: Mapping[str, Catalog], platform: Mapping[str, Catalog]) -> Iterator[str]:
    """The texts of our catalogs, by where they are, that another of ours or one of the platform's translates differently."""
    seen: dict[tuple[str, str | None], tuple[str, tuple[str, ...]]] = {}
    for where, catalog in [*ours.items(), *platform.items()]:
        for message in catalog:
            text = message.id if isinstance(message.id, str) else message.id[0]
            words = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
            key = (text, message.context)
            if not text or not all(words) or (where in platform and key not in seen):
                continue
            elsewhere, other_words = seen.setdefault(key, (where, words))
            if words != other_words:
                yield f"{elsewhere}: {text!r} has another translation in {where}: give it a context or words of its own"


def all_clashes(language: str) -> list[str]:
    ours = {
        str(path.relative_to(ROOT)): catalog
        for path in (catalog_path(package, language) for package in packages() if package != TUTOR_PLUGIN)
        if (catalog := read(path, language))
    }
    platform = {}
    for app in PLATFORM_APPS:
        compiled = app / "locale" / language / "LC_MESSAGES/django.mo"
        if compiled.exists():
            with compiled.open("rb") as source:
                platform[app.name] = read_mo(source)
    return list(clashes(ours, platform))


def check() -> int:
    problems = [
        f"{path.relative_to(ROOT)}:{line}: {fault}"
        for package in packages()
        for path in sorted(package.rglob("*.py"))
        for line, fault in hidden_calls(path.read_text("utf-8"))
    ]
    problems += [clash for language in LANGUAGES for clash in all_clashes(language)]
    with tempfile.TemporaryDirectory() as name:
        for package in packages():
            template = extract(package, Path(name))
            wanted = {
                (message.id if not message.pluralizable else message.id[0], message.context) for message in template
            }
            for language in LANGUAGES:
                path = catalog_path(package, language)
                catalog = read(path, language) or Catalog(locale=language)
                where = path.relative_to(ROOT)
                for message in template:
                    if message.id and (
                        fault := faults(message, catalog.get(message.id, message.context), catalog.num_plurals)
                    ):
                        problems.append(f"{where}: {fault}: {message.id!r}")
                for message in catalog:
                    key = (message.id if not message.pluralizable else message.id[0], message.context)
                    if message.id and key not in wanted:
                        problems.append(f"{where}: left over: {message.id!r}")
    for problem in problems:
        print(problem)
    print(f"catalogs: {len(problems)} problems" if problems else "catalogs: complete in ar and fr")
    return 1 if problems else 0


if __name__ == "__main__":
    actions = {"update": update, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        sys.exit("usage: python -m tools.catalogs update|check")
    sys.exit(actions[sys.argv[1]]())
