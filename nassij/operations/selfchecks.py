"""The checks of what all apps stand on, in the order in which an operator mends things."""

from nassij.operations.checks import (  # noqa: F401
    blocks,
    installation,
    keeping,
    languages,
    people,
    platform,
    served,
    worker,
)
