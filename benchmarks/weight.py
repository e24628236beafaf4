"""What a block adds to a page beside its HTML: scripts and styles, inline or fetched, in bytes raw and as they travel."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from web_fragments.fragment import Fragment
from xblock.core import XBlock

from benchmarks.harness import RESOURCE_URL

GZIP_LEVEL = 6  # what nginx and WhiteNoise are usually set to, or less than
# A call to jQuery, by either name; a template literal's `${` is none.
JQUERY = re.compile(r"\bjQuery\b|(?<![\w$])\$[(.]")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def gzipped(data: bytes) -> int:
    """Bytes on the wire."""
    return len(gzip.compress(data, GZIP_LEVEL, mtime=0))


@dataclass(frozen=True)
class Asset:
    """One file that the page fetches (`url`) or one text inside it (`url` is empty)."""

    url: str
    data: bytes
    is_script: bool


@dataclass(frozen=True)
class Weight:
    """The scripts and styles of one or several blocks on one page."""

    assets: tuple[Asset, ...]
    foreign: tuple[str, ...]

    @property
    def raw(self) -> int:
        return sum(len(asset.data) for asset in self.assets)

    @cached_property
    def gzip(self) -> int:
        """Each file is compressed alone; what stands in the page, together."""
        inline = b"".join(asset.data for asset in self.assets if not asset.url)
        return sum(gzipped(asset.data) for asset in self.assets if asset.url) + (gzipped(inline) if inline else 0)

    @property
    def requests(self) -> frozenset[str]:
        return frozenset(asset.url for asset in self.assets if asset.url) | set(self.foreign)

    @cached_property
    def jquery(self) -> bool:
        """Whether a script of the block calls jQuery, which the page then has to bring."""
        scripts = (asset.data.decode("utf-8", "replace") for asset in self.assets if asset.is_script)
        return any(JQUERY.search(_COMMENT.sub("", script)) for script in scripts)


def weigh(fragments: Iterable[Fragment]) -> Weight:
    """The weight of these fragments on one page, where each file is fetched once."""
    assets: dict[tuple[str, bytes], Asset] = {}
    foreign: list[str] = []
    for fragment in fragments:
        for resource in fragment.resources:
            is_script = "javascript" in resource.mimetype
            if resource.kind == "text":
                data = resource.data.encode()
                assets["", data] = Asset("", data, is_script)
            elif urlsplit(resource.data).netloc:
                foreign.append(resource.data)
            else:
                assets[resource.data, b""] = Asset(resource.data, _read(resource.data), is_script)
    return Weight(tuple(assets.values()), tuple(dict.fromkeys(foreign)))


def _read(url: str) -> bytes:
    """The file behind a URL that our runtime or Django's `static` gave out."""
    path = urlsplit(url).path
    if path.startswith(RESOURCE_URL):
        block_type, _, name = path.removeprefix(RESOURCE_URL).partition("/")
        return bytes(XBlock.load_class(block_type).open_local_resource(name).read())
    found = finders.find(path.removeprefix(settings.STATIC_URL))
    if not found:
        raise FileNotFoundError(url)
    with open(found, "rb") as file:
        return file.read()
