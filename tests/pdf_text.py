"""What a reader finds in a PDF."""

import shutil
import subprocess


def text_of(content: bytes) -> str:
    """The words as a reader copies them (pdftotext), one space between them, without marks of direction."""
    tool = shutil.which("pdftotext")
    assert tool, "pdftotext is not installed: tools/system_packages.sh installs it"
    found = subprocess.run([tool, "-enc", "UTF-8", "-", "-"], input=content, capture_output=True, check=True)
    plain = found.stdout.decode("utf-8").translate(
        dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2069"))
    )
    return " ".join(plain.split())
