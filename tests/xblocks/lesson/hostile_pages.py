"""Whether pages do what hostile text wants: shown to a real Chromium, many at once, each in a frame of its own.

No policy stands in the way. Harm is what a person would suffer: a script that runs, by itself or when something is touched; a
request to another site. Beside it stands what could do harm, in the document as Chromium has understood it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from html import escape

from playwright.sync_api import BrowserContext, Dialog, Page, Request, Route
from playwright.sync_api import Error as PlaywrightError

SITE = "http://hostile.test"
FRAMES = 120  # on one page
TOP = "the page around"

# In every document, before anything of its own. Frames of another origin may still send a message.
WATCH = """(() => {
  const tell = (what) => top.postMessage({ harm: what }, "*");
  for (const name of ["alert", "confirm", "prompt", "print", "open"])
    window[name] = (said) => { tell(name); };
  if (window !== top) return;
  window.harms = [];
  addEventListener("message", ({ data, source }) => {
    if (!data.harm) return;
    let place = source || window;
    while (place !== window && place.parent !== window) place = place.parent;
    harms.push([Array.from(frames).findIndex((frame) => frame === place), data.harm]);
  });
})();"""
# Every handler that is there gets its event, every link and button its click. Ways to other pages of ours are not gone.
# Every handler that is there gets its event, every link and button its click. Ways to other pages of ours are not gone.
TOUCH = """async (within) => {
  const ours = /^(https?|mailto|tel):/;
  for (const page of [document, ...[...document.querySelectorAll("iframe")].map((frame) => frame.contentDocument)]) {
    if (!page) continue; // it has led itself away
    page.addEventListener("click", (event) => {
      const link = event.target.closest("a, area");
      if (link && ours.test(link.href)) event.preventDefault();
    }, true);
    page.addEventListener("submit", (event) => {
      if (ours.test(event.submitter?.getAttribute("formaction") ?? event.target.action)) event.preventDefault();
    }, true);
    for (const each of page.querySelectorAll(`${within} *`)) {
      for (const { name } of [...each.attributes])
        if (/^on./i.test(name)) each.dispatchEvent(new Event(name.slice(2).toLowerCase(), { bubbles: true, cancelable: true }));
      if (each.matches("a, area, button, summary, [type=submit], [type=image]"))
        each.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    }
  }
  // Until nothing is left to do, however busy the machine is; then what begins by itself a moment later.
  for (const pause of [0, 100]) {
    await new Promise((done) => setTimeout(done, pause));
    await new Promise((done) => requestIdleCallback(done));
  }
}"""
# Of each place: what must never be in it.
JUDGE = """(places) => places.map((place) => {
  if (!place) return ["it leads away"];
  const never = "script, iframe, frame, frameset, object, embed, applet, base, style, svg, math, marquee, portal, audio, video"
    + ", [http-equiv], [srcdoc], [background], [ping], [formaction], [autofocus], [style]:not([style^='--'])";
  const leads = (value) => URL.parse(value, document.baseURI);
  return [...place.querySelectorAll("*")].flatMap((each) => [
    ...(each.matches(never) ? [each.outerHTML.slice(0, 200)] : []),
    ...[...each.attributes].filter(({ name, value }) => /^on/i.test(name)
      || /^(href|action)$/i.test(name) && !/^(https?|mailto|tel):/.test(leads(value)?.protocol)
      || name === "src" && leads(value)?.origin !== location.origin)
      .map(({ name, value }) => `${each.tagName} ${name}=${value}`),
  ]);
})"""


class Ground:
    """A browser context that sees whatever hostile text brings about, and lets nothing out."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.asked: list[tuple[str, str]] = []
        """(name of the frame, address) of each request to another site."""
        self._host = ""
        context.add_init_script(WATCH)
        context.set_offline(True)  # nobody is led away
        context.route(f"{SITE}/host", self._serve)
        context.route(re.compile(rf"^(?!{re.escape(SITE)}/)"), self._ask)
        context.on("dialog", self._dialog)

    def harm(self, documents: Mapping[str, str]) -> tuple[dict[str, set[str]], dict[str, list[str]]]:
        """(what happened, what could happen) by the name of each document that is not harmless."""
        happened: dict[str, set[str]] = defaultdict(set)
        possible: dict[str, list[str]] = {}
        names = list(documents)
        for start in range(0, len(names), FRAMES):
            shown = names[start : start + FRAMES]
            page = self.context.new_page()
            self._host = "".join(
                f'<iframe name="{n}" srcdoc="{escape(documents[of])}"></iframe>' for n, of in enumerate(shown)
            )
            page.goto(f"{SITE}/host", wait_until="load")
            frames = "[...document.querySelectorAll('iframe')].map((frame) => frame.contentDocument)"
            possible |= {shown[place]: found for place, found in enumerate(self.judged(page, frames)) if found}
            for place, what in self.touched(page):
                happened[shown[place] if place >= 0 else TOP].add(what)
            page.close()
        return dict(happened), possible

    def judged(self, page: Page, places: str) -> list[list[str]]:
        """What could do harm in each of the `places`, an expression for elements or documents of the page."""
        found: list[list[str]] = page.evaluate(f"({JUDGE})({places})")
        return found

    def touched(self, page: Page, within: str = "html") -> list[tuple[int, str]]:
        """(number of the frame or -1, what it did) until now, with all that is `within` touched, and not told before."""
        page.evaluate(TOUCH, within)
        asked = [(int(frame) if frame.isdigit() else -1, f"asked for {url}") for frame, url in self.asked]
        self.asked = []
        return [(place, what) for place, what in page.evaluate("harms.splice(0)")] + asked

    def _serve(self, route: Route) -> None:
        route.fulfill(
            body=f"<!doctype html><title>t</title><body>{self._host}", content_type="text/html; charset=utf-8"
        )

    def _ask(self, route: Route) -> None:
        self.asked.append((_frame(route.request), route.request.url))
        route.fulfill(status=204)  # an answer after which a page stays where it is

    def _dialog(self, dialog: Dialog) -> None:
        self.asked.append(("", f"a dialog: {dialog.message}"))
        dialog.dismiss()


def _frame(request: Request) -> str:
    """The name of the frame on the page that a request comes from, however deep inside; empty for the page itself."""
    try:
        frame = request.frame
        while frame.parent_frame and frame.parent_frame.parent_frame:
            frame = frame.parent_frame
        return frame.name if frame.parent_frame else ""
    except PlaywrightError:  # a page that is about to be opened
        return ""
