"""Room for discussion and validation: moves of a round, the coach's layer, snapshots of both. Adds only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

EVIDENCE = [("none", "No document"), ("declared", "We have the document"), ("seen", "Seen by the coach"), ("verified", "Verified")]
STATES = [
    ("draft", "Members are answering"),
    ("consensus", "Being discussed"),
    ("submitted", "Submitted"),
    ("validated", "Validated"),
    ("closed", "Closed"),
]
COACH_KINDS = [("level", "A level"), ("not_applicable", "Does not apply"), ("no_evidence", "Nothing shows it")]
LAYERS = [("self", "Self-assessment"), ("validated", "Validated by the coach")]
STANDINGS = [
    ("president", "The president"),
    ("lead", "The lead of the self-assessment"),
    ("coach", "The coach"),
    ("coordinator", "The coordinator"),
]


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("nassij_governance", "0001_initial"),
    ]

    operations = [
        migrations.AddField("round", "step", models.PositiveIntegerField(default=0, editable=False, verbose_name="moves")),
        migrations.AddField(
            "round", "discussed_at", models.DateTimeField(blank=True, null=True, verbose_name="first discussed")
        ),
        migrations.AddField("round", "validated_at", models.DateTimeField(blank=True, null=True, verbose_name="validated")),
        migrations.AddField(
            "consensusanswer", "revision", models.PositiveIntegerField(default=1, verbose_name="revision")
        ),
        migrations.AddField("consensusanswer", "heard_up_to", models.BigIntegerField(default=0, editable=False)),
        migrations.AddField("snapshot", "uuid", models.UUIDField(editable=False, null=True)),
        migrations.AddField(
            "snapshot",
            "layer",
            models.CharField(choices=LAYERS, default="self", max_length=16, verbose_name="layer"),
        ),
        migrations.AddField("snapshot", "details", models.JSONField(default=dict, verbose_name="beside the answers")),
        migrations.AddField("snapshot", "remark", models.TextField(blank=True, default="", verbose_name="remark"), preserve_default=False),
        migrations.AddField(
            "snapshot",
            "fingerprint",
            models.CharField(default="", editable=False, max_length=64, verbose_name="fingerprint"),
        ),
        migrations.AlterModelOptions(
            "snapshot",
            options={
                "ordering": ["round_id", "-id"],
                "verbose_name": "snapshot",
                "verbose_name_plural": "snapshots",
            },
        ),
        migrations.CreateModel(
            "Transition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("from_state", models.CharField(choices=STATES, max_length=16, verbose_name="from")),
                ("to_state", models.CharField(choices=STATES, max_length=16, verbose_name="to")),
                ("standing", models.CharField(blank=True, choices=STANDINGS, max_length=16, verbose_name="acting as")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="transitions",
                        to="nassij_governance.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "move of a round",
                "verbose_name_plural": "moves of rounds",
                "ordering": ["round_id", "number"],
            },
        ),
        migrations.AddConstraint(
            "transition", models.UniqueConstraint(fields=("round", "number"), name="nassij_gov_transition")
        ),
        migrations.CreateModel(
            "CoachAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator_code", models.CharField(max_length=64, verbose_name="indicator")),
                ("level", models.PositiveIntegerField(blank=True, null=True, verbose_name="level")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("comment", models.TextField(blank=True, verbose_name="comment")),
                (
                    "evidence",
                    models.CharField(choices=EVIDENCE, default="none", max_length=16, verbose_name="evidence"),
                ),
                ("kind", models.CharField(choices=COACH_KINDS, max_length=16, verbose_name="kind")),
                ("revision", models.PositiveIntegerField(verbose_name="revision")),
                ("together", models.BooleanField(default=False, verbose_name="confirmed with the rest")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="given")),
                (
                    "coach",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="coach",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coach_answers",
                        to="nassij_governance.round",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coach_answers",
                        to="nassij_governance.snapshot",
                    ),
                ),
            ],
            options={
                "verbose_name": "coach's answer",
                "verbose_name_plural": "coach's answers",
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            "coachanswer",
            models.UniqueConstraint(
                fields=("round", "indicator_code", "revision"), name="nassij_gov_coach_revision"
            ),
        ),
    ]
