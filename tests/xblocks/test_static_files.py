"""What the platform publishes of the blocks' package, by both its ways: collected for production, opened in development."""

from pathlib import Path

import pytest
from xblock.core import XBlock
from xblock.exceptions import DisallowedFileError

import xblocks
from xblocks.governance_block import GovernanceBlock
from xblocks.lesson_block import LessonBlock

PACKAGE = Path(xblocks.__file__).parent
BLOCKS = [LessonBlock, GovernanceBlock]
NOT_COLLECTED = {".py", ".pyc", ".scss"}


def collected(block: type[XBlock]) -> dict[str, Path]:
    """URI -> file, as `XBlockPipelineFinder` lists them: all below `resources_dir` of the package, whatever `public_dir` is."""
    folder = PACKAGE / block.get_resources_dir()
    return {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in NOT_COLLECTED
    }


@pytest.mark.parametrize("block", BLOCKS)
def test_only_scripts_are_collected(block: type[XBlock]) -> None:
    found = collected(block)
    assert found and {path.suffix for path in found.values()} == {".js"}


@pytest.mark.parametrize("block", BLOCKS)
def test_both_ways_lead_to_the_same_files(block: type[XBlock]) -> None:
    for uri, path in collected(block).items():
        with block.open_local_resource(uri) as opened:
            assert opened.read() == path.read_bytes()


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize(
    "uri",
    ["templates/nassij_blocks/lesson/lesson.html", "locale/ar/LC_MESSAGES/django.po", "js/../../apps.py", "apps.py"],
)
def test_nothing_else_is_opened(block: type[XBlock], uri: str) -> None:
    assert uri not in collected(block)
    with pytest.raises(DisallowedFileError):
        block.open_local_resource(uri)


@pytest.mark.parametrize("block", BLOCKS)
def test_the_addresses_the_block_gives_out_are_collected(block: type[XBlock]) -> None:
    class Runtime:
        def local_resource_url(self, _block: XBlock, uri: str) -> str:
            return f"/static/xblock/resources/xblocks/{uri}"

    class Shown:
        runtime = Runtime()
        public_url = block.public_url

    for uri in collected(block):
        assert Shown().public_url(uri).split("?")[0] == f"/static/xblock/resources/xblocks/{uri}"
