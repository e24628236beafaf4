"""From text to plain data, safely (`nassij.common.plain_data`); what cannot be read is said in the problems of this domain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from nassij.common import plain_data
from nassij.common.plain_data import MAX_BYTES, MAX_DEPTH, MAX_NODES, dump_yaml, lines_of

from .problems import InvalidDocument, Problem, ProblemCode

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_NODES", "dump_yaml", "lines_of", "load_json", "load_yaml", "plain_tree"]

Source = TypeVar("Source")


def load_yaml(text: str | bytes) -> Any:
    """The plain data in a YAML text (`plain_data.load_yaml`). Raises :class:`InvalidDocument`."""
    return _reading(plain_data.load_yaml, text)


def load_json(text: str | bytes) -> Any:
    """The plain data in a JSON text. Raises :class:`InvalidDocument`."""
    return _reading(plain_data.load_json, text)


def plain_tree(data: object) -> Any:
    """``data`` copied as a tree of what JSON can say. Raises :class:`InvalidDocument`."""
    return _reading(plain_data.plain_tree, data)


def _reading(read: Callable[[Source], Any], source: Source) -> Any:
    try:
        return read(source)
    except plain_data.Unreadable as refused:
        raise InvalidDocument([Problem(ProblemCode(refused.code), refused.path, refused.params)]) from refused
