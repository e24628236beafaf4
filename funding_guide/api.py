"""The door of the funding guide for other packages. Sources of guides are read by whoever has them, and handed in here."""

from .guides.editions import Outcome, load, load_in_background, planned

__all__ = ["Outcome", "load", "load_in_background", "planned"]
