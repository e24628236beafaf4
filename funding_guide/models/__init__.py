"""What the app keeps."""

from .calls import CallVersion
from .facts import FundingFacts
from .guides import DownloadCount, EditionFile, EditionStatus, FileFormat, GuideEdition

__all__ = [
    "CallVersion",
    "DownloadCount",
    "EditionFile",
    "EditionStatus",
    "FileFormat",
    "FundingFacts",
    "GuideEdition",
]
