"""The checks, in the order in which an operator mends things."""

from tutornassij.doctor.checks import (
    environment,
    hosts,
    image,
    installation,
    keeping,
    languages,
    machine,
    neighbours,
    settings,
    workers,
)

CHECKS = (
    *installation.CHECKS,
    *settings.CHECKS,
    *environment.CHECKS,
    *image.CHECKS,
    *languages.CHECKS,
    *workers.CHECKS,
    *keeping.CHECKS,
    *hosts.CHECKS,
    *machine.CHECKS,
    *neighbours.CHECKS,
)
