"""What the app keeps."""

from .calls import CallVersion
from .facts import FundingFacts

__all__ = ["CallVersion", "FundingFacts"]
