"""Job kinds for the worker tests: they do what real ones do, only slowly and countably."""

import time
from collections.abc import Mapping
from typing import Any

from nassij.common import audit
from nassij.common.jobs import RunningJob, job_kind


@job_kind("tests.slow_count")
def slow_count(job: RunningJob) -> Any:
    """Counts to `params["to"]`, a tenth of a second each; its effect (one audit row) is written with the job's end."""
    total = int(job.params["to"])
    for number in range(total):
        time.sleep(0.1)
        job.report(number + 1, total)

    def finish() -> Mapping[str, Any]:
        audit.record(action="tests_counted", actor_id=job.owner_id, object_type="job", object_uuid=job.uuid)
        return {"counted": total}

    return finish
