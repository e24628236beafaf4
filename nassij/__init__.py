"""The ground floor of the suite: what every other package stands on."""

__version__ = "0.1.0"
