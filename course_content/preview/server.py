"""Starts the preview on this machine only, and stops with Ctrl-C."""

from __future__ import annotations

import warnings
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

HOST = "127.0.0.1"


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """One line for each request would hide what `preview` says."""


def make(sources: Path, language: str, port: int) -> WSGIServer:
    """The server, ready to serve. Raises `OSError` when the port is taken."""
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")  # the file system library of XBlock
    from django.conf import settings

    from .settings import SETTINGS

    if not settings.configured:
        settings.configure(**SETTINGS)
    import django
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.handlers.wsgi import WSGIHandler

    django.setup()
    from ..watching import Watched
    from .views import Desk

    Desk.watched, Desk.language, Desk.answers = Watched(sources), language, {}
    return make_server(HOST, port, StaticFilesHandler(WSGIHandler()), server_class=_Server, handler_class=_Quiet)
