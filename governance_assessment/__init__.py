"""Nassij: governance self-assessment."""
