"""Text that people write: cleaned at the boundary, turned into HTML by one road only.

`clean_text` is for every typed or imported text before it is stored. `render_markdown` and `sanitise` are for showing rich text;
both end in bleach's allow-list below. Nothing else in the suite marks people's text as safe.
"""

import html
import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from html.parser import HTMLParser

import bleach
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin

from nassij.common.errors import TooLarge

MAX_RICH_TEXT = 50_000
"""Characters of one rich text: some twenty-five pages."""

MAX_TAGS = 10_000
MAX_DEPTH = 100

RTL_LANGUAGES = frozenset({"ar", "ary", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})

TAGS = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "blockquote",
        "br",
        "caption",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
    }
    | {
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "s",
        "small",
        "span",
    }
    | {"strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"}
)
ATTRIBUTES = {
    "a": {"href", "title", "hreflang"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})

# C0 controls but tab and newline, DEL and C1, bidi embeddings/overrides/isolates, lone surrogates, non-characters of the BMP.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_WHITE = re.compile(r"[ \t\r\n]+")
_INVISIBLE_IN_URLS = re.compile(
    r"[\x00-\x20\x7f-\xa0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_VALUE_RULES = {
    "dir": re.compile(r"ltr|rtl|auto"),
    "lang": re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}"),
    "hreflang": re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}"),
    "scope": re.compile(r"row|col|rowgroup|colgroup"),
    **dict.fromkeys(("colspan", "rowspan"), re.compile(r"[1-9][0-9]?")),
    **dict.fromkeys(("width", "height", "start"), re.compile(r"[0-9]{1,5}")),
}
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "code",
        "del",
        "em",
        "i",
        "ins",
        "kbd",
        "mark",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
    }
)

_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
_CLOSED_BY_ITSELF = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
    | {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option"}
)

_local = threading.local()


def direction(language: str) -> str:
    """`"rtl"` or `"ltr"` for a language code (`ar`, `fr-MA`, …)."""
    return "rtl" if language.replace("_", "-").split("-")[0].lower() in RTL_LANGUAGES else "ltr"


def clean_text(value: str) -> str:
    """`value` as it may be stored: NFC, Unix line ends, without characters that hide, reorder or break what follows.

    Gone are NUL and other controls, bidi embeddings, overrides and isolates (they reverse their surroundings in every PDF
    engine), lone surrogates and non-characters. Marks a writer of Arabic needs (ZWJ, ZWNJ, LRM, RLM) stay.
    """
    return unicodedata.normalize("NFC", _UNWANTED.sub("", value.replace("\r\n", "\n").replace("\r", "\n")))


def sanitise(source: str) -> str:
    """`source` reduced to the allow-list above; safe to insert into a page.

    Raises `TooLarge` past `MAX_RICH_TEXT`, `MAX_TAGS` or `MAX_DEPTH`: parsing HTML costs the square of its depth.
    """
    source = clean_text(_bounded(source))
    if _too_deep(source):
        raise _too_long()
    return _clean(source)


def render_markdown(text: str) -> str:
    """Safe HTML of CommonMark with tables; raw HTML in `text` is shown, not obeyed.

    `[1-58-376]{.ltr}` becomes `<bdi dir="ltr">` (and `{.rtl}` likewise): law numbers and signed figures turn round inside Arabic.
    Raises `TooLarge` past `MAX_RICH_TEXT`.
    """
    return _rendered(_bounded(text))


def parsed(text: str) -> list[Token]:
    """The block tokens of `text`, in the dialect of `render_markdown`: for documents that are no HTML. Raises `TooLarge`."""
    return _markdown().parse(clean_text(_bounded(text)))


def plain(text: str) -> str:
    """The words of a Markdown text without its markup, on one line: for titles, mails, PDF and `aria-label`."""
    words = _Words()
    words.feed(render_markdown(text))
    words.close()
    return one_line("".join(words.parts)).strip()


def one_line(text: str) -> str:
    """`text` with its line ends and runs of spaces as single spaces; the no-break spaces of French stay."""
    return _WHITE.sub(" ", text).strip(" ")


@lru_cache(maxsize=1024)
def _rendered(text: str) -> str:
    rendered = _markdown().render(clean_text(text))
    if _too_deep(rendered):
        raise _too_long()
    return _clean(rendered)


def _clean(source: str) -> str:
    return str(_cleaner().clean(source))


def _bounded(text: str) -> str:
    if len(text) > MAX_RICH_TEXT:
        raise _too_long()
    return text


def _too_long() -> TooLarge:
    return TooLarge(
        _("This text is too long."), code="text_too_long", remedy=_("Shorten it, or split it into several parts.")
    )


def _too_deep(source: str) -> bool:
    """Whether `source` has more tags, or more of them open at once, than any text of ours."""
    opened: dict[str, int] = {}
    depth = count = 0
    for closing, name in _TAG.findall(source):
        name = name.lower()
        if name in _CLOSED_BY_ITSELF:
            count += not closing
        elif not closing:
            count += 1
            depth += 1
            opened[name] = opened.get(name, 0) + 1
        elif opened.get(name):
            opened[name] -= 1
            depth -= 1
        if depth > MAX_DEPTH or count > MAX_TAGS:
            return True
    return False


def _cleaner() -> bleach.Cleaner:
    """The cleaner of this thread (bleach's is not safe to share)."""
    cleaner: bleach.Cleaner | None = getattr(_local, "cleaner", None)
    if cleaner is None:
        cleaner = _local.cleaner = bleach.Cleaner(
            tags=TAGS, attributes=_attribute_allowed, protocols=LINK_SCHEMES, strip=True, strip_comments=True
        )
    return cleaner


def _attribute_allowed(tag: str, name: str, value: str) -> bool:
    if name not in {"dir", "lang"} and name not in ATTRIBUTES.get(tag, ()):
        return False
    if name == "href":
        return _link_allowed(value)
    if name == "src":
        return source_allowed(value)
    rule = _VALUE_RULES.get(name)
    return rule is None or bool(rule.fullmatch(value))


def _link_allowed(value: str) -> bool:
    """Whether a browser would take `value` for a relative link or for one of our schemes.

    Needed beside bleach's own check: bleach reads `javascript:123` as host and port and keeps it.
    """
    url = _as_browsers_read(value)
    scheme = _SCHEME.match(url)
    if scheme:
        return scheme[1].lower() in LINK_SCHEMES
    return ":" not in re.split(r"[/?#]", url, maxsplit=1)[0]


def source_allowed(value: str) -> bool:
    """Pictures come from this site only: a path, never another host."""
    url = _as_browsers_read(value)
    return "\\" not in url and not url.startswith("//") and ":" not in re.split(r"[/?#]", url, maxsplit=1)[0]


def _as_browsers_read(value: str) -> str:
    return _INVISIBLE_IN_URLS.sub("", html.unescape(value))


def _markdown() -> MarkdownIt:
    """The parser of this thread: CommonMark, tables, attributes on spans; HTML off."""
    parser: MarkdownIt | None = getattr(_local, "markdown", None)
    if parser is None:
        parser = MarkdownIt("commonmark", {"html": False}).enable("table")
        parser.use(attrs_plugin, after=(), spans=True)
        parser.core.ruler.push("directed_spans", _directed_spans)
        _local.markdown = parser
    return parser


def _directed_spans(state: StateCore) -> None:
    """Turn the spans of class `ltr` or `rtl` into isolated ones, `<bdi dir=…>`."""
    for block in state.tokens:
        opened: list[str] = []
        for token in block.children or ():
            if token.type == "span_open":
                way = next((name for name in ("ltr", "rtl") if name in str(token.attrs.get("class", "")).split()), None)
                token.tag, token.attrs = ("bdi", {"dir": way}) if way else ("span", {})
                opened.append(token.tag)
            elif token.type == "span_close" and opened:
                token.tag = opened.pop()


class _Words(HTMLParser):
    """Collects the text of sanitised HTML, with a space at the edges of blocks and the `alt` of pictures."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.parts.append(dict(attrs).get("alt") or "")
        self._edge(tag)

    def handle_endtag(self, tag: str) -> None:
        self._edge(tag)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def _edge(self, tag: str) -> None:
        if tag not in _INLINE:
            self.parts.append(" ")
