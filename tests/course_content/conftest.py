"""The sample course."""

from pathlib import Path

import pytest

from tests.course_content.samples import Sources


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sources:
    """Sources that are right, with the folder above them as the present directory."""
    monkeypatch.chdir(tmp_path)
    return Sources(tmp_path / "sources")
