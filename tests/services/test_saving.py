"""Answers of many phones at once through the block's handler, in eight real processes: none lost, none doubled.

The whole ten thousand: `python -m tools.with_services python -m benchmarks.saves`.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from django.db import connection

from tests.services import saving

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
WORKERS, ASSOCIATIONS, MEMBERS, EACH = 8, 4, 8, 25


def test_eight_workers_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    chance = random.Random(3)
    phones, codes = saving.make_phones(ASSOCIATIONS, MEMBERS)
    stories = saving.said(phones, codes, EACH, chance)
    queues = saving.dealt(stories, WORKERS, repeated=0.4, chance=chance)

    replies, _seconds = saving.deliver_all(queues, tmp_path, str(connection.settings_dict["NAME"]))

    found = saving.count(stories, replies)
    assert found.sent == ASSOCIATIONS * MEMBERS * EACH == 800
    assert found.deliveries > found.sent * 1.3
    assert found.is_clean, found
