"""Rounds: opening them, taking them from state to state, and their history."""
