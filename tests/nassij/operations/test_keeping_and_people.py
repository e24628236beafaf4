"""Files, cache, mails, contact: each works, and each is broken on purpose."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage

from nassij.common.selfcheck import Service

from .conftest import Ask

OWED = {
    "NASSIJ_CONTACT": {"phone": "+212 5 37 00 00 00"},
    "NASSIJ_DATA_CONTROLLER": {"fr": "Le ministère"},
    "NASSIJ_CNDP_REFERENCE": "D-GC-123/2026",
}


class Forgetful(FileSystemStorage):
    """Gives back something else than it was given."""

    def _open(self, name: str, mode: str = "rb") -> Any:
        Path(self.path(name)).write_bytes(b"else")
        return super()._open(name, mode)


class Clinging(FileSystemStorage):
    """Deletes nothing."""

    def delete(self, name: str) -> None:
        pass


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path


def test_files_are_kept_and_nothing_is_left(ask: Ask, folders: Path) -> None:
    assert ask("storage").is_well
    assert [path for path in folders.rglob("*") if path.is_file()] == []


def test_a_folder_nobody_can_write_in(ask: Ask, settings: Any, folders: Path) -> None:
    (folders / "file").write_text("in the way")
    settings.MEDIA_ROOT = str(folders / "file")
    failure = ask("storage").failure
    assert "Public files" in failure.message
    assert "MEDIA_ROOT" in failure.remedy


@pytest.mark.parametrize(("storage", "words"), [("Forgetful", "come back changed"), ("Clinging", "cannot be deleted")])
def test_private_files_that_are_not_kept(ask: Ask, settings: Any, folders: Path, storage: str, words: str) -> None:
    backend = f"{__name__}.{storage}"
    settings.NASSIJ_PRIVATE_STORAGE = {"BACKEND": backend, "OPTIONS": {"location": str(folders / "private")}}
    failure = ask("storage").failure
    assert failure.message.startswith("Private files") and words in failure.message
    assert failure.details["storage"] == backend


@pytest.mark.parametrize("name", ["MEDIA_ROOT", "STATIC_ROOT"])
def test_private_files_where_everybody_may_read(ask: Ask, settings: Any, folders: Path, name: str) -> None:
    setattr(settings, name, str(folders / "served"))
    location = str(folders / "served/private")
    settings.NASSIJ_PRIVATE_STORAGE = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": location},
    }
    assert "serves to everybody" in ask("storage").failure.message


def test_the_cache(ask: Ask, settings: Any, folders: Path) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(folders / "cache"),
        }
    }
    assert ask("cache").is_well
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert "lost" in ask("cache").failure.message
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert "of its own" in ask("cache", Service.CMS).warning.message
    assert ask("cache", Service.NONE).is_well


def test_what_people_are_owed(ask: Ask, settings: Any) -> None:
    for name, value in OWED.items():
        setattr(settings, name, value)
    assert ask("contact").is_well


@pytest.mark.parametrize(
    ("name", "value"), [("NASSIJ_CONTACT", {}), ("NASSIJ_CONTACT", {"hours": "9-17"}), ("NASSIJ_DATA_CONTROLLER", {})]
)
def test_nobody_to_turn_to(ask: Ask, settings: Any, name: str, value: Any) -> None:
    for known, given in {**OWED, name: value}.items():
        setattr(settings, known, given)
    assert name in ask("contact").failure.remedy


def test_a_declaration_that_is_being_filed_is_no_failure(ask: Ask, settings: Any) -> None:
    for name, value in {**OWED, "NASSIJ_CNDP_REFERENCE": ""}.items():
        setattr(settings, name, value)
    assert "NASSIJ_CNDP_REFERENCE" in ask("contact").warning.remedy


@pytest.fixture
def mail_server(settings: Any) -> Iterator[list[bytes]]:
    """A mail server that says who it is; yields what it was told."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                connection, _address = listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb", buffering=0) as line:
                line.write(b"220 here\r\n")
                while said := line.readline():
                    heard.append(said.strip().split()[0].lower())
                    line.write(b"221 bye\r\n" if heard[-1] == b"quit" else b"250 ok\r\n")

        threading.Thread(target=serve, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", listening.getsockname()[1]
        settings.NASSIJ_MAIL_FROM = "Nassij <contact@nassij.ma>"
        settings.NASSIJ_SITE_URL = "https://nassij.ma"
        yield heard


def test_mails_can_leave_and_none_does(ask: Ask, mail_server: list[bytes]) -> None:
    assert ask("mail").is_well
    assert b"mail" not in mail_server and b"rcpt" not in mail_server and b"quit" in mail_server


def test_a_mail_server_that_is_away(ask: Ask, mail_server: list[bytes], settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.EMAIL_PORT = taken.getsockname()[1]
    failure = ask("mail").failure
    assert f"127.0.0.1:{settings.EMAIL_PORT}" in failure.message


def test_mails_that_stay_here(ask: Ask, mail_server: list[bytes], settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "console" in ask("mail").failure.message
    assert "console" in ask("mail", Service.NONE).warning.message


@pytest.mark.parametrize("sender", ["registration@example.com", "webmaster@localhost", "Nassij", "a@b.example.org"])
def test_a_sender_that_nobody_can_answer(ask: Ask, mail_server: list[bytes], settings: Any, sender: str) -> None:
    settings.NASSIJ_MAIL_FROM = sender
    assert "NASSIJ_MAIL_FROM" in ask("mail").failure.remedy


def test_links_in_mails(ask: Ask, mail_server: list[bytes], settings: Any) -> None:
    settings.NASSIJ_SITE_URL = "http://nassij.ma"
    assert "HTTPS" in ask("mail").warning.remedy


def test_links_that_lead_nowhere(ask: Ask, mail_server: list[bytes], settings: Any) -> None:
    settings.NASSIJ_SITE_URL = ""
    assert "NASSIJ_SITE_URL" in ask("mail").failure.remedy
