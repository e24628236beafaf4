"""What the app keeps."""

from .applications import Application, ApplicationDocument
from .calls import CallVersion
from .facts import FundingFacts
from .guides import DownloadCount, EditionFile, EditionStatus, FileFormat, GuideEdition

__all__ = [
    "Application",
    "ApplicationDocument",
    "CallVersion",
    "DownloadCount",
    "EditionFile",
    "EditionStatus",
    "FileFormat",
    "FundingFacts",
    "GuideEdition",
]
