"""How long questions take: one figure for everything that says "about 9 minutes"."""

SECONDS_PER_QUESTION = 30  # an estimate: a first-time reader reads four levels and chooses one
_EXACT_UP_TO = 10
_STEP = 5


def minutes_for(questions: int) -> int:
    """Minutes to answer so many questions, rounded up."""
    return as_planned(-(-questions * SECONDS_PER_QUESTION // 60))


def as_planned(minutes: int) -> int:
    """Minutes as people plan by them: above ten, the next five. Nobody plans by 17 minutes."""
    return minutes if minutes <= _EXACT_UP_TO else -(-minutes // _STEP) * _STEP
