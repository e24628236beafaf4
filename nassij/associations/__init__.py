"""Nassij: associations."""
