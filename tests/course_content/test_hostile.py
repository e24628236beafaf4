"""What somebody might put into the sources: refused at its place, or made harmless; never half-built, never slow."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from course_content.__main__ import main
from course_content.compiler import build, check
from tests.course_content.samples import PNG, SVG, Sources, both, edit, with_quiz, write

SCRIPTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>*{background:url(//evil.test)}</style>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<!-- --><b>",
)
LINKS = (
    "javascript:alert(1)",
    "data:text/html,<script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.test/",
    "&#106;avascript:alert(1)",
    "java&#10;script:alert(1)",
)
PICTURES = {
    "style": SVG.replace("<path", '<path style="background:url(https://evil.test)"'),
    "font": SVG.replace("<path", "<style>@font-face{src:url(x)}</style><path"),
    "behaviour": SVG.replace("<path", '<path style="behavior: url(#x)"'),
    "set": SVG.replace("<path", '<set attributeName="href" to="javascript:alert(1)"/><path'),
    "foreign": SVG.replace("<path", "<foreignObject><p>x</p></foreignObject><path"),
    "link": SVG.replace("<path", '<a href="https://evil.test"><path/></a><path'),
    "entities": '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + SVG,
    "outside": '<!DOCTYPE svg SYSTEM "file:///etc/passwd">' + SVG,
    "deep": SVG.replace("<path", "<g>" * 20_000 + "<path"),
    "html": "<html><script>alert(1)</script></html>",
    "encoding": SVG.encode("utf-16"),
}


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 10_000_000)
    return packed.getvalue()


def refused(sources: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines that `build` says; it must refuse, and leave nothing behind."""
    out = tmp_path / "out"
    started = time.process_time()
    assert main(["build", "--sources", str(sources.root), "--out", str(out), "--lang", "en"]) == 1
    assert time.process_time() - started < 20
    assert not out.exists()
    return capsys.readouterr().err.splitlines()


@pytest.mark.parametrize("markup", SCRIPTS)
def test_markup_in_a_text_is_refused_at_its_line(
    sources: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str], markup: str
) -> None:
    both("TEXT", f"TEXT {markup}")(sources)
    lines = refused(sources, tmp_path, capsys)
    assert any("/ar.md:15:" in line and ": raw_html: " in line for line in lines), lines


@pytest.mark.parametrize("href", LINKS)
def test_a_link_that_does_something_else_is_refused_or_no_link(
    sources: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str], href: str
) -> None:
    both("https://example.org", href)(sources)
    if check(sources.root).problems:
        assert any("/ar.md:15:" in line for line in refused(sources, tmp_path, capsys))
        return
    from xblocks.lesson.markdown import block_html

    (run,) = (run for run in build(check(sources.root), tmp_path / "out") if run.language == "fr")
    lesson = etree.parse(str(run.folder / "vertical/smp-s1-u1.xml")).getroot()[0]
    assert "href" not in block_html(lesson.findtext("text"))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_does_something_is_refused(
    sources: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    write("assets/way.ar.svg", PICTURES[name])(sources)
    lines = refused(sources, tmp_path, capsys)
    assert any("way.ar.svg:" in line and (": svg_" in line or ": asset_" in line) for line in lines), lines


@pytest.mark.parametrize("content", [zip_bomb(), PNG + b"\0" * 90_000 + b"<script>", b"GIF89a", b""])
def test_what_only_calls_itself_a_picture_is_refused(
    sources: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    write("assets/way.ar.svg", content)(sources)
    assert any("way.ar.svg:1:1: asset_kind" in line for line in refused(sources, tmp_path, capsys))


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (both("TEXT", "word " * 200_000), "too_large"),
        (both("TEXT", "[" * 60_000), "text_too_heavy"),
        (both("LOOK AGAIN", "> " * 30_000), "text_too_heavy"),
        (edit("facts.yaml", "mark: S1", "mark: &a [" + "x," * 5_000 + "]\n  b: [*a, *a, *a]"), "yaml_alias"),
        (edit("section.yaml", "units:", "units: " + "[" * 5_000), "yaml_depth"),
        (both("TEXT", "TE\u202e<XT\u2066"), "bidi_control"),
        (both("{#one}", "{#../../x}"), "bad_code"),
        (both("smp-s1-u1", "../../etc"), "bad_code"),
    ],
)
def test_bombs_and_tricks_are_refused(
    sources: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil, code: str
) -> None:
    spoil(sources)
    assert any(f": {code}: " in line for line in refused(sources, tmp_path, capsys))


def test_a_question_of_a_quiz_carries_no_markup_of_its_own(sources: Sources, tmp_path: Path) -> None:
    """CAPA runs scripts and fills in variables: signs that mean something to it come as text."""
    with_quiz(sources)
    for language in ("ar", "fr"):
        path = sources.section / f"u3-quiz/{language}.md"
        path.write_text(path.read_text("utf-8").replace('"NO"', '"1 < 2 & $seed ]]> &lt;script&gt;"'), "utf-8")
    (run,) = (run for run in build(check(sources.root), tmp_path / "out") if run.language == "fr")
    problem = etree.parse(str(run.folder / "problem/smp-s1-q1-first.xml")).getroot()
    assert problem.findall(".//script") == []
    assert problem.findall(".//choice")[1].text == "1 < 2 & $seed ]]> <script>"
