"""YAML and JSON from anyone: what is read, and what is refused before it costs anything."""

from __future__ import annotations

import time
import tracemalloc

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance_assessment.domain import InvalidDocument, lines_of, load_json, load_yaml
from governance_assessment.domain.documents import MAX_BYTES, plain_tree
from governance_assessment.domain.problems import pointer, pointer_steps
from nassij.common import plain_data

MB = 1024 * 1024


def refusal(load, text: str | bytes) -> tuple[str, str]:
    with pytest.raises(InvalidDocument) as refused:
        load(text)
    (problem,) = refused.value.problems
    return str(problem.code), problem.path


LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{now}: &{now} [{','.join([f'*{before}'] * 10)}]\n" for before, now in zip("abcdefgh", "bcdefghi", strict=True)
)

BOMBS = {
    "billion laughs": (LAUGHS, "too_many_nodes"),
    "quadratic": (f"a: &a {'x' * 100}\nb: [{','.join(['*a'] * 60_000)}]", "too_many_nodes"),
    "deep flow": ("[" * 100_000, "too_deep"),
    "deep block": ("\n".join(" " * n + "a:" for n in range(1_000)), "too_deep"),
    "wide": ("[" + "1," * 200_000 + "]", "too_many_nodes"),
    "large": ("x" * (MAX_BYTES + 1), "too_large"),
    "large in bytes": ("ع" * (MAX_BYTES // 2 + 1), "too_large"),
    "sexagesimal": ("a: 1" + ":59" * 100_000, "bad_number"),
    "long integer": ("a: " + "9" * 100_000, "bad_number"),
    "cycle": ("a: &a {b: {c: *a}}", "cycle"),
    "cycle in a list": ("&a [*a]", "cycle"),
    "merge bomb": ("a: &a {x: 1}\nb: {<<: [*a, *a]}", "bad_key"),
}


@pytest.fixture(autouse=True, params=["libyaml", "pure"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers of PyYAML: the compiled one is not everywhere."""
    chosen = yaml.SafeLoader if request.param == "pure" else yaml.CSafeLoader
    monkeypatch.setattr(plain_data, "_Loader", chosen)


@pytest.mark.parametrize("name", ["billion laughs", "deep flow", "deep block", "large", "cycle", "merge bomb"])
def test_bombs_are_refused_by_either_parser(name: str) -> None:
    text, code = BOMBS[name]
    assert refusal(load_yaml, text)[0] == code


@pytest.mark.parametrize("loader", ["libyaml"], indirect=True)
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_quickly(name: str) -> None:
    """In under a second. (The pure parser is ten times slower, under the same limits.)"""
    text, code = BOMBS[name]
    start = time.perf_counter()
    assert refusal(load_yaml, text)[0] == code
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("loader", ["libyaml"], indirect=True)
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_in_little_memory(name: str) -> None:
    """In under 100 MB."""
    tracemalloc.start()
    try:
        refusal(load_yaml, BOMBS[name][0])
        assert tracemalloc.get_traced_memory()[1] < 100 * MB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "text, code, path",
    [
        ("a: [", "syntax", ""),
        ("a: 1\n\tb: 2", "syntax", ""),
        ("a: 1\n--- \nb: 2", "syntax", ""),
        ("a: *nowhere", "syntax", ""),
        (b"a: \xff\xfe\xff", "syntax", ""),
        ("a: \x00", "syntax", ""),
        ("a: !!python/object/apply:os.system [id]", "tag", "/a"),
        ("a: !!set {x}", "tag", "/a"),
        ("a: !mine x", "tag", "/a"),
        ("a: !!binary aGk=", "tag", "/a"),
        ("a: !!int abc", "bad_number", "/a"),
        ('a: !!int ""', "bad_number", "/a"),
        ("a: !!bool maybe", "bad_value", "/a"),
        ("a: .inf", "bad_number", "/a"),
        ("a: .nan", "bad_number", "/a"),
        ("a: 1\na: 2", "duplicate_key", "/a"),
        ("b: {c: 1, c: 2}", "duplicate_key", "/b/c"),
        ("? [1, 2]\n: x", "bad_key", ""),
    ],
)
def test_yaml_refused(text: str | bytes, code: str, path: str) -> None:
    assert refusal(load_yaml, text) == (code, path)


def test_yaml_read() -> None:
    text = """
    1.10: unquoted keys stay as written
    no: so does this one
    ~: and this
    numbers: [1, 0x10, 1.5, "1.5"]
    others: [true, null, 2023-01-31, =]
    shared: &s {x: 1}
    again: *s
    """
    data = load_yaml(text)
    assert data["1.10"].startswith("unquoted")
    assert list(data)[1:3] == ["no", "~"]
    assert data["numbers"] == [1, 16, 1.5, "1.5"]
    assert data["others"] == [True, None, "2023-01-31", "="]
    assert data["again"] == data["shared"] == {"x": 1}
    assert data["again"] is not data["shared"]
    assert load_yaml("") is None


def test_syntax_names_the_line() -> None:
    with pytest.raises(InvalidDocument) as refused:
        load_yaml("a: 1\nb: [1, 2\nc: 3\n")
    (problem,) = refused.value.problems
    assert problem.params["line"] == 3
    assert str(refused.value) == "/: syntax"


@pytest.mark.parametrize(
    "text, code",
    [
        ("{", "syntax"),
        ('{"a": 1, "a": 2}', "duplicate_key"),
        ("[" * 100_000, "too_deep"),
        ("[" * 40 + "]" * 40, "too_deep"),
        ("[" + "9" * 10_000 + "]", "syntax"),
        (b'"\xff"', "syntax"),
        ("[NaN]", "bad_number"),
        ("x" * (MAX_BYTES + 1), "too_large"),
    ],
)
def test_json_refused(text: str | bytes, code: str) -> None:
    assert refusal(load_json, text)[0] == code


def test_json_read() -> None:
    assert load_json(b'{"a": [1, "\xd8\xb9", null]}') == {"a": [1, "ع", None]}


class TestLines:
    TEXT = "a: 1\nb:\n  - c: 2\n  - {d/e: 3,\n     f: 4}\n"

    @pytest.mark.parametrize(
        "path, line", [("", 1), ("/a", 1), ("/b", 2), ("/b/0/c", 3), ("/b/1/d~1e", 4), ("/b/1/f", 5), ("/b/1/missing", 4),
                       ("/b/9", 2), ("/a/deeper", 1)]
    )  # fmt: skip
    def test_line(self, path: str, line: int) -> None:
        assert lines_of(self.TEXT, [path]) == {path: line}

    def test_text_that_does_not_load(self) -> None:
        assert lines_of("a: [", ["/a"]) == {}
        assert lines_of("[" * 10_000, ["/0"]) == {}

    def test_empty_text(self) -> None:
        assert lines_of("", ["/a"]) == {"/a": 1}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(), max_size=4))
def test_pointers(steps: list[str]) -> None:
    path = ""
    for step in steps:
        path = pointer(path, step)
    assert pointer_steps(path) == steps


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from("abc[]{}&*:,-!?|>'\"#%@ \n\t1."), max_size=60))
def test_yaml_never_fails_otherwise(text: str) -> None:
    """Any text either loads as plain data or is refused as a document."""
    try:
        data = load_yaml(text)
    except InvalidDocument:
        return
    assert plain_tree(data) == data


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(), below, max_size=4),
    max_leaves=20,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plain)
def test_plain_data_is_copied_whole(data: object) -> None:
    assert plain_tree(data) == data
