"""The fixtures of the self-assessment's own tests, for its block."""

import pytest

from tests.governance_assessment.conftest import (  # noqa: F401
    association,
    express_round,
    forget_parsed,
    full_round,
    instrument,
    member,
    president,
)


@pytest.fixture(autouse=True)
def workbench(settings):
    """What the workbench's runtime reads when it is made."""
    settings.WORKBENCH = {"services": {}}
