"""From YAML or JSON text to plain data, safely; standard library and PyYAML only, so that a pure domain may stand on it.

A data file may come from anyone who can upload one. These readers accept only what JSON can express (mappings with text keys,
lists, text, numbers, booleans, null) within limits on size, depth and number of nodes *after* aliases are expanded, so that an
alias bomb, a cycle or a very deep list is refused in milliseconds, before it costs memory. Nothing here reads a file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

MAX_BYTES = 1_048_576
#: The nested document: sections in sections in ... A real instrument needs about ten.
MAX_DEPTH = 32
#: The real instrument of 48 indicators in three languages has about 6,000.
MAX_NODES = 40_000
#: PyYAML builds `1:59:59:...` and long digit strings in quadratic time; no number we read is this long.
_MAX_NUMBER_LENGTH = 32

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_TEXT_TAGS = {_TAG + "str", _TAG + "timestamp", _TAG + "value"}
_scalars = yaml.constructor.SafeConstructor()


class Unreadable(ValueError):
    """The text is no data that this project reads.

    ``code`` is one of ``too_large``, ``too_deep``, ``too_many_nodes``, ``cycle``, ``syntax``, ``tag``, ``duplicate_key``,
    ``bad_key``, ``bad_number``, ``bad_value``; ``path`` a JSON Pointer (RFC 6901) to the place, ``params`` the figures of it.
    """

    def __init__(self, code: str, path: str, params: Mapping[str, str | int]) -> None:
        self.code, self.path, self.params = code, path, params
        super().__init__(f"{path or '/'}: {code}")


def pointer(path: str, key: str | int) -> str:
    """``path`` one step deeper, escaped as RFC 6901 wants it.

    >>> pointer("/answers", "a/b")
    '/answers/a~1b'
    """
    return f"{path}/{str(key).replace('~', '~0').replace('/', '~1')}"


def pointer_steps(path: str) -> list[str]:
    """The keys a pointer goes through, the reverse of :func:`pointer`."""
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]


def load_yaml(text: str | bytes) -> Any:
    """The plain data in a YAML text.

    Keys are always text, as written (``1.10:`` stays ``"1.10"``). Dates stay text. Merge keys, tags that make
    objects, duplicate keys and a second document are refused.

    Raises :class:`Unreadable`.
    """
    try:
        _check_events(_bounded(text))
        node = yaml.compose(text, Loader=_Loader)
        return plain_tree(None if node is None else _construct(node, "", {}))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _refused("syntax", line=mark.line + 1 if mark else 1, detail=_detail(error)) from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise _refused("syntax", line=1, detail=_detail(error)) from error


def load_json(text: str | bytes) -> Any:
    """The plain data in a JSON text, under the same limits as :func:`load_yaml`.

    Raises :class:`Unreadable`.
    """
    try:
        return plain_tree(json.loads(_bounded(text), object_pairs_hook=_unique_pairs))
    except json.JSONDecodeError as error:
        raise _refused("syntax", line=error.lineno, detail=error.msg) from error
    except RecursionError as error:
        raise _refused("too_deep", maximum=MAX_DEPTH) from error
    except Unreadable:
        raise
    except ValueError as error:  # bytes that are not UTF-8, or an integer of thousands of digits
        raise _refused("syntax", line=1, detail=_detail(error)) from error


def plain_tree(data: object) -> Any:
    """``data`` copied as a tree of dict (text keys), list, str, int, float, bool and None.

    Aliases become copies, counted one by one, so the result is as large as it looks. Raises
    :class:`Unreadable` at the first cycle, foreign type, key that is no text, or limit passed.
    """
    return _Copier().copy(data, "", ())


def lines_of(text: str | bytes, paths: Iterable[str]) -> dict[str, int]:
    """For each JSON Pointer its line (from 1) in a YAML or JSON text; empty for a text that does not load.

    A pointer to a missing key gives the line of the mapping that lacks it.
    """
    try:
        _check_events(_bounded(text))
        root = yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, UnicodeError, Unreadable):
        return {}
    return {path: _line(root, pointer_steps(path)) for path in paths}


def dump_yaml(data: Mapping[str, Any]) -> str:
    """``data`` as YAML that :func:`load_yaml` reads back; the same data gives the same bytes, in the order of its keys.

    Written by the library's Python half: its C half breaks lines elsewhere.
    """
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=160)


class _Dumper(yaml.SafeDumper):
    """Never writes aliases: a text that stands in two places is written twice, as a person would."""

    def ignore_aliases(self, data: object) -> bool:
        return True


# --- YAML -----------------------------------------------------------------------------------------------


def _bounded(text: str | bytes) -> str | bytes:
    """``text`` if small enough; four bytes is the most a character can take."""
    if len(text) > MAX_BYTES or (isinstance(text, str) and len(text.encode("utf-8", "replace")) > MAX_BYTES):
        raise _refused("too_large", maximum=MAX_BYTES)
    return text


def _check_events(text: str | bytes) -> None:
    """Stop at the first sign of a bomb: the parser streams, whereas the composer recurses."""
    depth = nodes = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.NodeEvent):
            nodes += 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _refused("too_deep", maximum=MAX_DEPTH)
        if nodes > MAX_NODES:
            raise _refused("too_many_nodes", maximum=MAX_NODES)


def _construct(node: yaml.Node, path: str, done: dict[int, Any]) -> Any:
    """Plain data for a node. Aliased nodes are built once and shared, so a cycle ends here (and is refused later)."""
    if id(node) in done:
        return done[id(node)]
    if isinstance(node, yaml.MappingNode) and node.tag == _TAG + "map":
        mapping: dict[str, Any] = {}
        done[id(node)] = mapping
        for key_node, value_node in node.value:
            key = _key(key_node, path)
            if key in mapping:
                raise _refused("duplicate_key", pointer(path, key), key=key)
            mapping[key] = None  # reserve the place: an alias to this mapping may sit inside the value
            mapping[key] = _construct(value_node, pointer(path, key), done)
        return mapping
    if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
        items: list[Any] = []
        done[id(node)] = items
        items.extend(_construct(child, pointer(path, index), done) for index, child in enumerate(node.value))
        return items
    return _scalar(node, path)


def _key(node: yaml.Node, path: str) -> str:
    if not isinstance(node, yaml.ScalarNode) or node.tag == _TAG + "merge":
        raise _refused("bad_key", path)
    return str(node.value)


def _scalar(node: yaml.Node, path: str) -> Any:
    if not isinstance(node, yaml.ScalarNode):
        raise _refused("tag", path, tag=node.tag)
    if node.tag in _TEXT_TAGS:
        return node.value
    if node.tag == _TAG + "null":
        return None
    if node.tag == _TAG + "bool":
        if node.value.lower() not in _scalars.bool_values:  # `!!bool maybe`
            raise _refused("bad_value", path, type="bool")
        return _scalars.construct_yaml_bool(node)
    if node.tag not in (_TAG + "int", _TAG + "float"):
        raise _refused("tag", path, tag=node.tag)
    if len(node.value) > _MAX_NUMBER_LENGTH:
        raise _refused("bad_number", path)
    try:
        is_integer = node.tag == _TAG + "int"
        return _scalars.construct_yaml_int(node) if is_integer else _scalars.construct_yaml_float(node)
    except (ValueError, IndexError) as error:  # e.g. `!!int abc`, `!!int ""`
        raise _refused("bad_number", path) from error


def _line(node: yaml.Node | None, steps: list[str]) -> int:
    """Line of the deepest node on the way; keys count as the place of their value."""
    line = 1 if node is None else node.start_mark.line + 1
    for step in steps:
        found = _step(node, step)
        if found is None:
            break
        line, node = found
    return line


def _step(node: yaml.Node | None, step: str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        child = node.value[int(step)]
        return child.start_mark.line + 1, child
    return None


# --- Plain data -----------------------------------------------------------------------------------------


class _Copier:
    """Copies a structure depth first, with what it costs counted as it goes."""

    def __init__(self) -> None:
        self.nodes = 0

    def copy(self, value: object, path: str, above: tuple[int, ...]) -> Any:
        """``above`` holds the identities of the containers we are inside of: meeting one again is a cycle."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _refused("too_many_nodes", maximum=MAX_NODES)
        if value is None or isinstance(value, str | bool | int):
            return value
        if isinstance(value, float):
            if not math.isfinite(value):
                raise _refused("bad_number", path)
            return value
        if id(value) in above:
            raise _refused("cycle", path)
        if len(above) >= MAX_DEPTH:
            raise _refused("too_deep", path, maximum=MAX_DEPTH)
        return self._copy_container(value, path, (*above, id(value)))

    def _copy_container(self, value: object, path: str, above: tuple[int, ...]) -> Any:
        if isinstance(value, Mapping):
            copied: dict[str, Any] = {}
            for key, child in value.items():
                name = _text_key(key, path)
                if name in copied:  # 1 and "1"
                    raise _refused("duplicate_key", pointer(path, name), key=name)
                copied[name] = self.copy(child, pointer(path, name), above)
            return copied
        if isinstance(value, list | tuple):
            return [self.copy(child, pointer(path, index), above) for index, child in enumerate(value)]
        raise _refused("bad_value", path, type=type(value).__name__)


def _text_key(key: object, path: str) -> str:
    if isinstance(key, str):
        return key
    if isinstance(key, int) and not isinstance(key, bool):
        return str(key)
    raise _refused("bad_key", path)


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, refused when it says the same key twice (json keeps the last one silently)."""
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise _refused("duplicate_key", key=key)
        seen[key] = value
    return seen


def _refused(code: str, path: str = "", **params: str | int) -> Unreadable:
    return Unreadable(code, path, params)


def _detail(error: Exception) -> str:
    """One short line of what the library says; it is English and technical, so only ever a detail."""
    text = str(getattr(error, "problem", None) or error)
    return " ".join(text.split())[:120]
