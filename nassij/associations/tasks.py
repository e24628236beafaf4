"""Background work of this app, registered with `nassij.common.jobs`."""

from django.urls import reverse

from nassij.associations.imports import applying
from nassij.associations.imports.runs import APPLY, UNDO
from nassij.associations.models import AssociationImport
from nassij.common.jobs import Outcome, RunningJob, job_kind


@job_kind(APPLY)
def apply_import(job: RunningJob) -> Outcome:
    """Apply an import. Delivered twice, the second goes on with what the first left."""
    run = AssociationImport.objects.filter(uuid=job.subject, state=AssociationImport.State.READY).first()
    if run is None:
        return _shown(job)
    counts = applying.apply_import(run, actor_id=job.owner_id, report=job.report)

    def close() -> dict[str, str]:
        applying.close_import(run, counts)
        return _shown(job)

    return close


@job_kind(UNDO)
def undo_import(job: RunningJob) -> Outcome:
    """Undo an import. What was put back once is not looked at again."""
    run = AssociationImport.objects.filter(uuid=job.subject, state=AssociationImport.State.APPLIED).first()
    if run is None:
        return _shown(job)
    counts = applying.undo_import(run, actor_id=job.owner_id, report=job.report)

    def close() -> dict[str, str]:
        applying.close_undo(run, counts)
        return _shown(job)

    return close


def _shown(job: RunningJob) -> dict[str, str]:
    return {"url": reverse("nassij_associations:import_preview", kwargs={"uuid": job.subject})}
