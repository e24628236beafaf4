"""Tests of the reference guides and funding calls."""
