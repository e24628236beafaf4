"""The version, in one place. The major is Tutor's."""

__version__ = "22.0.0"
