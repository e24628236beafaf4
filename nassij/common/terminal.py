"""What the commands share that run without Django: the language they speak to whoever sits at the terminal."""

import os

LANGUAGES = ("ar", "fr", "en")


def preferred_language() -> str:
    """The language of the environment when it is one of ours, else French (what Moroccan machines usually speak)."""
    wanted = (os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "")[:2]
    return wanted if wanted in LANGUAGES else "fr"
