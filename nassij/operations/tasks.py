"""What a worker does for the self-check: read a private file that another process has written."""

from collections.abc import Mapping
from typing import Any

from nassij import __version__
from nassij.common import private_files
from nassij.common.jobs import RunningJob, job_kind

FOLDER = "selfcheck"
ROUND_TRIP = "operations.round_trip"

# No row names them: what a check that was killed leaves is swept with the rest.
private_files.register_folder(FOLDER, known=lambda paths: ())


@job_kind(ROUND_TRIP)
def round_trip(job: RunningJob) -> Mapping[str, Any]:
    """`params`: `path`, of a private file -> what is in it, and which version of the suite this worker runs."""
    return {"read": private_files.read(job.params["path"]).decode(), "version": __version__}
