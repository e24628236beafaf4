"""Funding calls: from files to what is shown, and the words for what the rules find."""
