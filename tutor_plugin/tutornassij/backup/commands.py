"""`tutor nassij backup | verify | restore` as a person and a timer call them.

Exit codes: 0 done, 1 not done (one sentence says why).
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from tutor.exceptions import TutorError

from tutornassij.backup import manifest as manifests
from tutornassij.backup import settings
from tutornassij.backup.create import create, human
from tutornassij.backup.shelf import Saved, Shelf
from tutornassij.backup.trouble import Trouble
from tutornassij.i18n import LANGUAGES, _, speak

SCHEMA = 1

mode_option = click.option(
    "--mode", type=click.Choice(["local", "k8s"]), default="local", show_default=True, help=_("how the site runs")
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help=_("for programs; the schema is in docs/operations/backup.rst")
)
lang_option = click.option(
    "--lang", type=click.Choice(LANGUAGES), default=None, help=_("of the answer, instead of the terminal's")
)


@click.command(help=_("Save databases, files and settings into backups/"))
@click.option(
    "--keep", type=click.IntRange(min=1), default=None, help=_("then remove all but the last KEEP of this site")
)
@click.option(
    "--encrypt-for",
    "key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help=_("a file with a public key of GnuPG; only the secret key can read the backup again"),
)
@click.option("--list", "only_list", is_flag=True, help=_("show what is there, and save nothing"))
@mode_option
@json_option
@lang_option
@click.pass_obj
def backup(
    context: Any, keep: int | None, key: Path | None, only_list: bool, mode: str, as_json: bool, lang: str | None
) -> None:
    from tutornassij.backup.containers import containers

    with answering(as_json, lang) as answer:
        root = Path(context.root)
        shelf = Shelf(root / "backups")
        if only_list:
            answer.give([described(saved) for saved in shelf.whole()], key="backups")
            for saved in shelf.whole():
                answer.say(f"{saved.name}  {human(saved.bytes)}  {saved.manifest.lms_host}")
            return
        config = loaded(root)
        with containers(root, config, mode) as where:
            saved = create(root, config, where, mode, key=key, say=answer.say)
        for left in saved.manifest.left_out:
            answer.say(_("Not in the backup: %(what)s. %(why)s") % left)
        gone = shelf.prune(keep, saved.manifest.site) if keep else []
        answer.give({**described(saved), "removed": gone}, key="backup")
        answer.say(_("Saved as %(folder)s, %(size)s.") % {"folder": saved.folder, "size": human(saved.bytes)})


@click.command(help=_("Say whether a backup is whole: its name, its folder, or “last”"))
@click.argument("name", default="last")
@click.option("--deep", is_flag=True, help=_("also load everything where nobody sees it, and take it away again"))
@mode_option
@json_option
@lang_option
@click.pass_obj
def verify(context: Any, name: str, deep: bool, mode: str, as_json: bool, lang: str | None) -> None:
    with answering(as_json, lang) as answer:
        root = Path(context.root)
        saved = Shelf(root / "backups").named(name)
        faults = list(manifests.faults(saved.folder))
        loaded_well = list(try_out(root, saved, mode)) if deep and not faults else []
        answer.give({**described(saved), "faults": faults, "loaded": loaded_well}, key="verified")
        for sentence in loaded_well:
            answer.say(sentence)
        for fault in faults:
            answer.say(f"✗ {fault}")
        if faults:
            answer.code = 1
            answer.say(_("Do not restore from %(name)s. Take an older backup, or another copy.") % {"name": saved.name})
        else:
            answer.say(_("%(name)s is whole: every byte is as it was written.") % {"name": saved.name})


@click.command(help=_("Put a backup in place of what is there: its name, its folder, or “last”"))
@click.argument("name")
@click.option("--yes", is_flag=True, help=_("do not ask"))
@click.option(
    "--config",
    "which",
    type=click.Choice([settings.KEEP, settings.TAKE]),
    default=None,
    help=_("the settings to live with: keep those here, or restore those of the backup"),
)
@click.option("--no-init", is_flag=True, help=_("leave out “do init” afterwards, and do it yourself"))
@mode_option
@json_option
@lang_option
@click.pass_obj
def restore(
    context: Any, name: str, yes: bool, which: str | None, no_init: bool, mode: str, as_json: bool, lang: str | None
) -> None:
    from tutornassij.backup.restore import prove, suits

    with answering(as_json, lang) as answer:
        root = Path(context.root)
        saved = Shelf(root / "backups").named(name)
        prove(saved)
        suits(saved.manifest, mode)
        config = loaded(root)
        chosen = settings.choice(which, config, saved)
        if not yes:
            confirmed(str(config.get("LMS_HOST", "")), saved)
        with settings.taken(root, saved) if chosen == settings.TAKE else contextlib.nullcontext():
            put_in_place(root, saved, mode, answer, init=not no_init)
        answer.give(described(saved), key="restored")
        answer.say(_("%(name)s is in place.") % {"name": saved.name})


def put_in_place(root: Path, saved: Saved, mode: str, answer: Answer, *, init: bool) -> None:
    from tutornassij.backup.containers import containers
    from tutornassij.backup.parts import belongs
    from tutornassij.backup.restore import Restore

    config = loaded(root)
    belongs(saved.manifest, config)
    with containers(root, config, mode) as where:
        Restore(root, config, where, mode, saved, answer.say).run(init=init)


def try_out(root: Path, saved: Saved, mode: str) -> Iterator[str]:
    from tutornassij.backup.containers import containers
    from tutornassij.backup.parts import Source, belongs, parts

    config = loaded(root)
    belongs(saved.manifest, config)
    source = Source(saved.folder, saved.manifest)
    with containers(root, config, mode) as where, Shelf(root / "backups").alone():
        for part in parts(where, config, root / "backups", mode):
            yield from part.try_out(source)


def confirmed(host: str, saved: Saved) -> None:
    """What is typed is the name of the site that loses its data: a hand that is too quick types something else."""
    click.echo(
        _("Everything on %(host)s will be replaced by what it was on %(when)s.")
        % {"host": host, "when": saved.created.astimezone().strftime("%Y-%m-%d %H:%M")},
        err=True,
    )
    if click.prompt(_("Type %(host)s to go on") % {"host": host}, default="", show_default=False, err=True) != host:
        raise Trouble("restore.not_confirmed", _("Nothing was changed."))


def loaded(root: Path) -> dict[str, Any]:
    from tutor import config as tutor_config

    return dict(tutor_config.load(str(root)))


def described(saved: Saved) -> dict[str, Any]:
    """A backup in plain JSON."""
    return {
        "name": saved.name,
        "folder": str(saved.folder),
        "created": saved.manifest.created,
        "lms_host": saved.manifest.lms_host,
        "bytes": saved.bytes,
        "encrypted": saved.manifest.encrypted,
        "versions": dict(saved.manifest.versions),
        "members": [{"name": one.name, "bytes": one.bytes, "sha256": one.sha256} for one in saved.manifest.members],
        "left_out": [dict(one) for one in saved.manifest.left_out],
    }


class Answer:
    """What a command says while it works, and what it gives at the end: sentences, or one JSON document."""

    def __init__(self, as_json: bool) -> None:
        self._as_json, self.document, self.code = as_json, {"schema": SCHEMA}, 0

    def say(self, sentence: str) -> None:
        click.echo(sentence, err=self._as_json)

    def refuse(self, code: str, message: str, remedy: str) -> None:
        """One line, whatever is in it: names come from files, and a terminal obeys what is not printable."""
        self.code = 1
        self.give({"code": code, "message": message, "remedy": remedy}, key="error")
        words = " ".join(f"✗ {message} {remedy}".split())
        click.echo("".join(letter if letter.isprintable() else "?" for letter in words), err=True)

    def give(self, value: Any, *, key: str) -> None:
        self.document[key] = value


@contextlib.contextmanager
def answering(as_json: bool, lang: str | None) -> Iterator[Answer]:
    """Ends the command with its exit code; trouble is told in one line, or under `error`."""
    if lang:
        speak(lang)
    answer = Answer(as_json)
    try:
        yield answer
    except Trouble as trouble:
        answer.refuse(trouble.code, trouble.message, trouble.remedy)
    except TutorError as error:
        answer.refuse("tutor", str(error), "")
    except OSError as error:
        answer.refuse("system", str(error), _("Can this account read and write the project's folder?"))
    if as_json:
        click.echo(json.dumps(answer.document, ensure_ascii=False, indent=2))
    sys.exit(answer.code)
