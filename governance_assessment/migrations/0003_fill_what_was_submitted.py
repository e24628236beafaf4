"""What was submitted before gets its identity, its fingerprint, what stood beside the answers, and the move that led there."""

import uuid
from datetime import UTC

from django.db import migrations
from django.db.models import Max

from nassij.common.canonical import digest

CONTENT = (
    "layer", "kind", "instrument_hash", "scoring_hash", "engine_version", "profile", "answers", "details",
    "result", "respondents", "remark",
)  # fmt: skip


def fill(apps, schema_editor):
    """Idempotent: a run that was cut short (MySQL has no transaction round a migration) is simply run again."""
    names = ("Round", "Snapshot", "ConsensusAnswer", "Transition", "RespondentAnswer")
    models = {name: apps.get_model("nassij_governance", name) for name in names}
    for snapshot in models["Snapshot"].objects.filter(fingerprint="").iterator():
        answers = models["ConsensusAnswer"].objects.filter(round_id=snapshot.round_id)
        snapshot.uuid = snapshot.uuid or uuid.uuid4()
        snapshot.details = {answer.indicator_code: _beside(answer) for answer in answers}
        snapshot.fingerprint = _fingerprint(snapshot)
        snapshot.save()
    for found in models["Round"].objects.filter(step=0).exclude(submitted_at=None).iterator():
        _remember_the_move(models, found)
    heard = models["RespondentAnswer"].objects.values("round_id", "indicator_code").annotate(newest=Max("id"))
    for row in heard.order_by().iterator():
        answers = models["ConsensusAnswer"].objects.filter(round_id=row["round_id"], heard_up_to=0)
        answers.filter(indicator_code=row["indicator_code"]).update(heard_up_to=row["newest"])


def _beside(answer):
    return {"origin": answer.origin, "evidence": answer.evidence, "note": answer.note}


def _remember_the_move(models, found):
    first = models["Snapshot"].objects.filter(round_id=found.pk).order_by("number").first()
    models["Transition"].objects.get_or_create(
        round_id=found.pk,
        number=1,
        defaults={
            "from_state": "draft",
            "to_state": "submitted",
            "actor_id": first.submitted_by_id if first else None,
            "at": found.submitted_at,
        },
    )
    models["Round"].objects.filter(pk=found.pk).update(step=1, discussed_at=found.submitted_at)


def _fingerprint(snapshot):
    """As `Snapshot.fingerprint_of_content` computed it when this was written."""
    content = [[name, getattr(snapshot, name)] for name in CONTENT]
    at = snapshot.submitted_at.astimezone(UTC).isoformat(timespec="microseconds")
    return digest("nassij.snapshot", str(snapshot.uuid), snapshot.round_id, at, content)


class Migration(migrations.Migration):
    dependencies = [("nassij_governance", "0002_rounds_discussed_and_validated")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
