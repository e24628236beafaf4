"""What the blocks share: the base class, handlers and the doors to the apps behind them."""

from .block import NassijBlock, Viewer, interface_language
from .doors import installed
from .handlers import nassij_handler, problem_response, read_json

__all__ = [
    "NassijBlock",
    "Viewer",
    "installed",
    "interface_language",
    "nassij_handler",
    "problem_response",
    "read_json",
]
