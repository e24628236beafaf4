"""A worker's sign of life, for a health check that costs nothing: a file (NASSIJ_HEARTBEAT_FILE) touched every few seconds.

`celery inspect ping` would start a second platform in the container for each question. Celery sends `heartbeat_sent` from the
worker's own event loop, so a worker that hangs, or has lost the broker for good, lets the file grow old. Nothing happens in a
process without that variable.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from celery.signals import heartbeat_sent

VARIABLE = "NASSIJ_HEARTBEAT_FILE"


def connect() -> None:
    """Begin, where a file is named."""
    if os.environ.get(VARIABLE):
        heartbeat_sent.connect(beat, dispatch_uid="nassij_common.heartbeat")


def beat(**_: Any) -> None:
    Path(os.environ[VARIABLE]).touch()
