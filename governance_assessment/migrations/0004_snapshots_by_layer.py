"""Every snapshot has a uuid of its own, and is numbered within its layer."""

import uuid

from django.db import migrations, models


def number_together(apps, schema_editor):
    """On the way back a round's snapshots share one numbering: the submissions last, since the last one is what is shown."""
    snapshots = apps.get_model("nassij_governance", "Snapshot").objects
    for round_id in set(snapshots.filter(layer="validated").values_list("round_id", flat=True)):
        validated = snapshots.filter(round_id=round_id, layer="validated").count()
        for snapshot in snapshots.filter(round_id=round_id, layer="self").order_by("-number"):
            snapshots.filter(pk=snapshot.pk).update(number=snapshot.number + validated)


class Migration(migrations.Migration):
    dependencies = [("nassij_governance", "0003_fill_what_was_submitted")]

    operations = [
        migrations.AlterField(
            "snapshot", "uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
        # The new one comes first: MySQL keeps the foreign key of `round` on whichever index begins with it.
        migrations.AddConstraint(
            "snapshot",
            models.UniqueConstraint(fields=("round", "layer", "number"), name="nassij_gov_snapshot_layer"),
        ),
        migrations.RemoveConstraint("snapshot", "nassij_gov_snapshot_number"),
        migrations.RunPython(migrations.RunPython.noop, number_together),
    ]
