"""What an office document says about its own parts: content types and relationships, where macros and foreign objects show.

Programs follow these and not the names, so a macro is one whatever its file is called.
"""

from __future__ import annotations

from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from nassij.common.errors import BadInput

TYPES = "[Content_Types].xml"
MAX_SMALL_PART = 1024 * 1024
"""Unpacked bytes of the content types, or of one part's relationships."""
_TABLES = ("spreadsheetml.worksheet+xml", "wordprocessingml.document.main+xml")
_MACROS = {"vbaproject", "wordvbadata", "xlmacrosheet", "xlintlmacrosheet"}
_FOREIGN = {
    "oleobject", "attachedtemplate", "package", "externallink", "externallinkpath", "control", "activexcontrolbinary",
    "afchunk", "subdocument", "frame", "mailmergesource",
}  # fmt: skip


def table_parts(types: bytes) -> frozenset[str]:
    """The parts that are a sheet or a text and nothing else. Raises `ValueError` when it is no XML, as the others here."""
    said: dict[str, set[str]] = {}
    for element in _elements(types):
        said.setdefault(element.get("PartName", "").removeprefix("/"), set()).add(element.get("ContentType", ""))
    return frozenset(name for name, kinds in said.items() if name and all(kind.endswith(_TABLES) for kind in kinds))


def refuse_types(types: bytes) -> None:
    """Raise `BadInput` for a document that declares macros."""
    kinds = [element.get("ContentType", "").lower() for element in _elements(types)]
    if any(word in kind for kind in kinds for word in ("macroenabled", "vbaproject", "macrosheet")):
        raise macros()


def refuse_relationships(content: bytes) -> None:
    """Raise `BadInput` for relationships to macros, to embedded objects, or to anything outside but what a link opens."""
    for element in _elements(content):
        kind = element.get("Type", "").rsplit("/", 1)[-1].lower()
        if kind in _MACROS:
            raise macros()
        is_outside = element.get("TargetMode", "").strip().lower() == "external"
        if kind in _FOREIGN or (is_outside and kind != "hyperlink"):
            raise foreign_content()


def foreign_content() -> BadInput:
    """The refusal of objects of other programs and of content that is fetched from elsewhere."""
    return BadInput(
        _("This file contains embedded objects or links to other files."),
        code="foreign_content",
        remedy=_("Remove them, or save the document as PDF where that is accepted, and send it again."),
    )


def macros() -> BadInput:
    """The refusal of macros."""
    return BadInput(
        _("This file contains macros."),
        code="macros",
        remedy=_("Save it without macros (.xlsx) and send it again."),
    )


def _elements(content: bytes) -> list[dict[str, str]]:
    """The attributes of every element of a part whose document type was refused before; none of the rest is kept."""
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _name, attributes: found.append(attributes) if attributes else None
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    return found
