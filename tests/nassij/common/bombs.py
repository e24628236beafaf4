"""Archives, workbooks and pictures made to hurt who opens them; built here, small as files."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import lru_cache

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = f'<?xml version="1.0"?><worksheet {NAMESPACE}><sheetData>%s</sheetData></worksheet>'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = "[Content_Types].xml"
PARTS = {
    "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{MAIN}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{MAIN}.worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{MAIN}.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<?xml version="1.0"?><workbook {NAMESPACE} xmlns:r="{OFFICE}">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/worksheets/sheet1.xml": SHEET % '<row r="1"><c r="A1"><v>1</v></c></row>',
    "xl/sharedStrings.xml": f'<?xml version="1.0"?><sst {NAMESPACE}/>',
}


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def workbook(**changes: str | bytes) -> bytes:
    """A minimal workbook; `sheet=`, `strings=`, `types=`, `book=` replace a part, other names are added below `xl/`."""
    names = {
        "sheet": "xl/worksheets/sheet1.xml",
        "strings": "xl/sharedStrings.xml",
        "types": "[Content_Types].xml",
        "book": "xl/workbook.xml",
    }
    return packed({**PARTS, **{names.get(key, f"xl/{key}"): value for key, value in changes.items()}})


def moved(content: bytes, part: str, to: str) -> bytes:
    """The workbook with one part under another name; its content types and relationships follow."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in [TYPES, *(name for name in parts if name.endswith(".rels"))]:
        found = parts[name].replace(f'"/{part}"'.encode(), f'"/{to}"'.encode())
        parts[name] = found.replace(f'"{part.removeprefix("xl/")}"'.encode(), f'"/{to}"'.encode())
    return packed({to if name == part else name: content for name, content in parts.items()})


def related(kind: str, target: str, *, outside: bool = False, types: str = "", **parts: str | bytes) -> bytes:
    """A workbook with one more relationship of this kind."""
    mode = ' TargetMode="External"' if outside else ""
    more = f'<Relationship Id="rId9" Type="{kind}" Target="{target}"{mode}/></Relationships>'
    rels = PARTS["xl/_rels/workbook.xml.rels"].replace("</Relationships>", more)
    return workbook(
        **{"_rels/workbook.xml.rels": rels, "types": PARTS[TYPES].replace("</Types>", types + "</Types>")}, **parts
    )


def _varied(piece: str, count: int) -> str:
    """Many pieces that pack badly enough to slip under a ratio."""
    return "".join(piece % (number * 2_654_435_761 % 2**32) for number in range(count))


def _lying(content: bytes, name: str, size: int) -> bytes:
    """The archive with a false unpacked size of `name`, in both places that tell it."""
    found = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        place = archive.getinfo(name).header_offset
    struct.pack_into("<I", found, place + 22, size)
    central = content.index(b"PK\x01\x02")
    while content[central + 46 : central + 46 + len(name)] != name.encode():
        central = content.index(b"PK\x01\x02", central + 4)
    struct.pack_into("<I", found, central + 24, size)
    return bytes(found)


def _encrypted(content: bytes) -> bytes:
    found = bytearray(content)
    central = content.index(b"PK\x01\x02")
    found[central + 8] |= 1
    found[6] |= 1
    return bytes(found)


def _linked() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in PARTS.items():
            archive.writestr(name, content)
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return buffer.getvalue()


@lru_cache(maxsize=1)
def bombs() -> dict[str, bytes]:
    """Workbooks that must be refused, by what is wrong with them."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    strings = workbook(strings=f"<sst {NAMESPACE}>" + _varied("<si/><!--%x-->", 900_000) + "</sst>")
    entities = workbook(strings=f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><sst {NAMESPACE}><si><t>&l9;</t></si></sst>')
    flood = workbook(sheet=SHEET % (" " * 60_000_000))
    nested = packed({"a.zip": packed({"b.zip": packed({"c": b"0" * 900_000})})})
    return {
        "ten million empty cells": workbook(sheet=SHEET % ('<row r="1">' + "<c/>" * 10_000_000 + "</row>")),
        "cells that pack badly": workbook(sheet=SHEET % ("<row>" + _varied('<c s="%x"/>', 1_700_000) + "</row>")),
        "shared strings": workbook(strings=f"<sst {NAMESPACE}>" + "<si><t>x</t></si>" * 2_000_000 + "</sst>"),
        "shared strings that pack badly": workbook(
            strings=f"<sst {NAMESPACE}>" + _varied("<si><t>%x</t></si>", 150_000) + "</sst>"
        ),
        "one huge string": workbook(strings=f"<sst {NAMESPACE}><si><t>" + "x" * 60_000_000 + "</t></si></sst>"),
        "styles": workbook(
            **{"styles.xml": f"<styleSheet {NAMESPACE}><cellXfs>" + "<xf/>" * 500_000 + "</cellXfs></styleSheet>"}
        ),
        "entities": workbook(
            sheet=f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><worksheet {NAMESPACE}>&l9;</worksheet>'
        ),
        "entities in the strings": workbook(
            strings=f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><sst {NAMESPACE}><si><t>&l9;</t></si></sst>'
        ),
        "external entity": workbook(sheet='<!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet/>'),
        "entities in UTF-16": workbook(
            sheet=f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><worksheet>&l9;</worksheet>'.encode("utf-16")
        ),
        "doctype over a chunk": workbook(sheet=" " * (256 * 1024 - 5) + "<!DOCTYPE x>" + SHEET % ""),
        "strings under another name": moved(strings, "xl/sharedStrings.xml", "xl/ss.foo"),
        "strings called a picture": moved(strings, "xl/sharedStrings.xml", "xl/media/ss.png"),
        "strings among the sheets": moved(strings, "xl/sharedStrings.xml", "xl/worksheets/ss.xml"),
        "entities called a picture": moved(entities, "xl/sharedStrings.xml", "xl/media/ss.png"),
        "entities in EBCDIC": moved(
            workbook(strings=f'<?xml version="1.0" encoding="cp037"?><!DOCTYPE x [{laughs}]><sst/>'.encode("cp037")),
            "xl/sharedStrings.xml",
            "xl/media/ss.png",
        ),
        "entities in UTF-7": workbook(strings='<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x><sst/>'),
        "many relationships": workbook(
            **{"_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">' + "<R/>" * 300_000}
        ),
        "many entries": workbook(**{f"media/{number}": b"" for number in range(1001)}),
        "flood": flood,
        "flood that lies about its size": _lying(flood, "xl/worksheets/sheet1.xml", 1000),
        "nested archive": workbook(**{"a.zip": nested}),
        "leaves its folder": workbook(**{"../../../etc/cron.d/x": b"x"}),
        "absolute name": packed({**PARTS, "/etc/x": b"x"}),
        "drive name": packed({**PARTS, "C:\\x": b"x"}),
        "backslashes": packed({**PARTS, "xl\\..\\..\\x": b"x"}),
        "symbolic link": _linked(),
        "encrypted": _encrypted(workbook()),
        "macros": workbook(**{"vbaProject.bin": b"x"}),
        "cut short": workbook()[:-40],
        "broken data": workbook()[:60] + b"\xff" * 40 + workbook()[100:],
    }


def png(width: int, height: int, behind: bytes = b"") -> bytes:
    """A PNG that claims these dimensions, with something behind its end."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\x00\x00")) + chunk(b"IEND", b"") + behind


def jpeg(width: int, height: int) -> bytes:
    """The beginning of a JPEG of these dimensions."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + frame
        + b"\xff\xda\x00\x08\x01\x01\x00\x00?\x00\x00\xff\xd9"
    )
