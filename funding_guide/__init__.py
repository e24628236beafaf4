"""Nassij: reference guides, funding calls and the application file. Others enter through `funding_guide.api`."""
