"""Nassij: course blocks."""
