"""Nassij: common services."""
