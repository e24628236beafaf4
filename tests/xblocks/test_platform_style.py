"""Our style inside a course page of the platform, whose own rules reach into every block."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.xblocks.lesson.samples import Bench, make_block

pytestmark = pytest.mark.browser

STYLE = Path(__file__).parents[2] / "nassij/common/static/nassij/nassij.css"
# Rules of the LMS ("lms-main-v1", "lms-course") and Studio ("course-unit-mfe-iframe-bundle"), Teak, that match our elements.
PLATFORM = """
html { font-size: 62.5%; }
body, h1, h2, h3, h4, h5, h6, p, label { text-align: left; font-family: "Open Sans", Arial; }
h1, h2, h3 { color: rgb(49, 49, 49); font: 1.2em/1.2em Georgia, serif; margin: 0; }
label { color: rgb(49, 49, 49); font-size: 12px; }
.xblock .xblock h2 { font-size: 1.5em; font-weight: 600; line-height: 1.4em; }
p a:not(.btn), p a:visited:not(.btn) { color: rgb(27, 109, 153); text-decoration: none; }
.course-wrapper .course-content p { margin-bottom: 1.41575em; }
.course-wrapper .course-content ul li { margin-bottom: .70788em; }
.wrapper-xblock.level-element .xblock-render blockquote { margin: 40px; }
.wrapper-xblock h2 { margin: 30px 40px 30px 0; text-transform: uppercase; letter-spacing: 1px; }
.wrapper-xblock .xblock-render .xblock .xblock-render .xblock h3 { font-size: 1.1125em; font-weight: 600; line-height: 1.4em; }
.wrapper-xblock .xblock-render .xblock .xblock-render .xblock h3 { font-weight: 400; text-transform: initial; }
th { font-weight: inherit; }
ol, ul { list-style: none; }
main { padding: 20px; }
[class*="view-"] .wrapper.xblock-iframe-content input:not([type="radio"], [type="checkbox"], [type="submit"]),
[class*="view-"] .wrapper.xblock-iframe-content textarea:not([type="radio"], [type="checkbox"], [type="submit"]) {
  color: #333 !important; border: 1px solid #e7e7e7 !important; border-radius: .1875rem !important; }
button { color: #333; background-color: #f1f1f1; background-image: linear-gradient(#f1f1f1, #d9d9d9); text-shadow: 0 1px 0 #fff; }
button:hover:not(:disabled) { background-color: #e4e4e4; background-image: linear-gradient(#e4e4e4, #d1c9c9); }
button:focus:not(:disabled) { border: 1px solid #d2c9c9; box-shadow: inset 0 0 8px 4px #cac2c2; }
"""
BLOCK = """
<main class="course-wrapper wrapper-xblock level-element"><div class="course-content xblock-render">
<div class="xblock"><div class="xblock-render"><div class="xblock">
<div class="nassij" lang="ar" dir="rtl"><div class="page"><h2>عنوان</h2><h3>عنوان</h3>
<p>نص <a id="link" href="#a">رابط</a></p><ul><li>بند</li></ul>
<ol><li>بند</li></ol><ol class="thread"><li></li></ol><table><tr><th>عمود</th></tr></table>
<p><a class="go" href="#b">التالي</a></p>
<fieldset class="levels"><label>جواب</label></fieldset><blockquote><p>فخ</p></blockquote>
<p class="state">محفوظ</p><button class="go">التالي</button></div></div>
</div></div></div></div></main>
"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page(viewport={"width": 360, "height": 740})
    opened.set_content(f"<style>{PLATFORM}</style><style>{STYLE.read_text('utf-8')}</style>{BLOCK}")
    yield opened
    opened.close()


def test_the_platforms_rules_do_not_reach_our_text(page: Page) -> None:
    def of(selector: str, name: str) -> str:
        return str(page.eval_on_selector(selector, f"element => getComputedStyle(element)['{name}']"))

    ours, ink = of(".nassij", "fontFamily"), of(".nassij", "color")

    for selector in ("h2", "h3", "p", "label"):
        assert of(selector, "textAlign") == "start", selector
        assert of(selector, "fontFamily") == ours, selector
        assert of(selector, "color") == ink, selector
    assert of(".nassij", "fontSize") == "17px"
    assert [of(selector, "fontWeight") for selector in ("h2", "h3", "th")] == ["700"] * 3
    assert of("h2", "margin") == "24px 0px 8px"
    assert of("h3", "lineHeight") == "25.5px"
    assert [of(selector, "listStyleType") for selector in ("ul", "ol", "ol.thread")] == ["disc", "decimal", "none"]
    assert (of("h2", "textTransform"), of("h2", "letterSpacing")) == ("none", "normal")
    assert of("blockquote", "marginRight") == "0px"
    assert page.eval_on_selector("button.go", "button => button.offsetHeight") >= 44
    assert float(of("h2", "fontSize")[:-2]) > float(of("h3", "fontSize")[:-2]) == float(of(".nassij", "fontSize")[:-2])
    assert of("p", "marginBottom") == "12px"
    assert of(".state", "marginBottom") == "0px"
    assert of("li", "marginBottom") == "4px"
    assert "underline" in of("#link", "textDecoration")
    assert of("#link", "color") == "rgb(15, 92, 92)"
    for selector in ("a.go", "button.go"):
        page.locator(selector).hover()
        page.locator(selector).focus()
        assert of(selector, "backgroundColor") == "rgb(15, 92, 92)", selector
        assert of(selector, "boxShadow") == "none", selector
        assert of(selector, "color") == "rgb(255, 255, 255)", selector
        assert of(selector, "backgroundImage") == "none", selector
        assert of(selector, "textShadow") == "none", selector


def test_a_block_stays_light_in_the_platforms_light_page(page: Page) -> None:
    def colours() -> str:
        return page.locator(".nassij").first.evaluate(
            "e => getComputedStyle(e).color + getComputedStyle(e).backgroundColor"
        )

    light = colours()
    page.emulate_media(color_scheme="dark")
    assert colours() == light


def test_on_a_phone_the_text_has_the_whole_column_of_the_platform(page: Page) -> None:
    column = page.evaluate("document.querySelector('main').clientWidth - 40")

    assert page.evaluate("document.querySelector('.nassij p').clientWidth") == column
    assert (
        page.evaluate("document.documentElement.scrollWidth") == 360
    )  # the ground lent to the margin is not scrolled to

    page.set_viewport_size({"width": 700, "height": 740})
    assert page.evaluate("getComputedStyle(document.querySelector('.page')).paddingInlineStart") == "16px"


def test_studios_low_window_shows_eight_lines_of_a_lesson(chromium: Browser) -> None:
    """Its content is 435px high (`.edit-xblock-modal .modal-content`), and the actions stay in view."""
    editor = make_block(runtime=Bench(staff=True)).studio_view().content
    editor = editor.replace('data-panel="text" hidden', 'data-panel="text"').replace("<details", "<details hidden")
    own = STYLE.with_name("studio.css").read_text("utf-8")
    window = chromium.new_page(viewport={"width": 1280, "height": 900})
    window.set_content(
        f"<style>{PLATFORM}.modal-content {{ block-size: 435px; overflow-y: auto }}</style>"
        f"<style>{STYLE.read_text('utf-8')}{own}</style>"
        f'<div class="edit-xblock-modal"><div class="modal-content"><div class="xblock">{editor}</div></div></div>'
    )

    seen = window.evaluate(
        """() => { const [text, act] = ["textarea", ".act"].map((name) => document.querySelector(name));
        return (act.getBoundingClientRect().top - text.getBoundingClientRect().top)
          / parseFloat(getComputedStyle(text).lineHeight); }"""
    )
    window.close()
    assert seen >= 8


@pytest.mark.parametrize("form", ["nassij-lesson-studio", "nassij-governance-studio"])
def test_the_fields_of_an_authors_form_are_seen_in_the_authoring_apps_frame(chromium: Browser, form: str) -> None:
    shown = make_block(runtime=Bench(staff=True)).studio_view()
    fields = "<input type='text'><input type='number'><select></select>"  # the editor's are drawn by its script
    content = shown.content.replace("data-about-first>", f"data-about-first>{fields}").replace(" hidden>", ">")
    own = STYLE.with_name("studio.css").read_text("utf-8")
    frame = chromium.new_page()
    frame.set_content(
        f"<style>{PLATFORM}</style><style>{STYLE.read_text('utf-8')}{own}</style><body class='view-container'>"
        f"<div class='wrapper xblock-iframe-content'>{content.replace('nassij-lesson-studio', form)}</div>"
    )

    edges = frame.eval_on_selector_all(
        ".nassij :is([type=text], [type=number], select, textarea)",
        "fields => fields.map(field => getComputedStyle(field)).map(style => [style.borderTopColor, style.color])",
    )
    frame.close()
    assert "nassij/studio.css" in " ".join(resource.data for resource in shown.resources)
    assert edges == [["rgb(141, 135, 121)", "rgb(31, 42, 46)"]] * 4
