"""Defaults of course_content; each is a `NASSIJ_*` setting an operator may set."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    # Organisation the courses are imported under; the one in each `course.yaml` without it. `NASSIJ_COURSE_RUNS` (nassij.common)
    # goes first: a run that is named there is imported under exactly that key.
    "NASSIJ_COURSE_ORG": "",
    # Somebody who has done nothing for this many days counts as stopped.
    "NASSIJ_QUIET_DAYS": 14,
    # Dotted path of a class as `course_content.following.learners.Learners`; the LMS's own tables without it.
    "NASSIJ_LEARNERS": "",
}


def plugin_settings(settings: Any) -> None:
    """Add the defaults that the platform's settings do not have yet."""
    for name, value in DEFAULTS.items():
        if not hasattr(settings, name):
            setattr(settings, name, value)
