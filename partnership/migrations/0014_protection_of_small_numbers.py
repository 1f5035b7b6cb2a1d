"""That the small numbers of a pack for everybody were checked and accepted, and what was decided of its passages."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from indicators import triggers


def remove(apps, schema_editor):
    """SQLite alters a table by making it anew, which triggers that read it refuse."""
    triggers.remove(schema_editor.connection)


def reinstall(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0016_disclosure_policy"),
        ("partnership", "0013_inspections_are_corrected_and_withdrawn"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(remove, reinstall),
        migrations.CreateModel(
            name="PassageDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "passage",
                    models.CharField(
                        help_text="SHA-256 of where it stands, of the text and of the passage.", max_length=64
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("publish", "It tells of nobody: publish it"),
                            ("leave_out", "Leave the whole text out of this pack"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["pack", "pk"],
            },
        ),
        migrations.AlterField(
            model_name="packevent",
            name="action",
            field=models.CharField(
                choices=[
                    ("created", "Begun"),
                    ("accepted", "Protection of small numbers accepted"),
                    ("published", "Published"),
                    ("withdrawn", "Withdrawn"),
                    ("superseded", "Replaced by a later pack"),
                    ("reinstated", "In force again"),
                    ("redacted", "Redacted for cause"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="DisclosureCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("sound", "Every small number is protected"),
                            ("refused", "Not every small number can be protected"),
                        ],
                        max_length=7,
                    ),
                ),
                (
                    "result",
                    models.JSONField(
                        help_text="What is hidden and why, what a reader could still work out, what is refused."
                    ),
                ),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosure_checks",
                        to="partnership.pack",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.disclosurepolicy",
                    ),
                ),
            ],
            options={
                "ordering": ["pack", "pk"],
            },
        ),
        migrations.AddField(
            model_name="packevent",
            name="disclosure_check",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="acceptances",
                to="partnership.disclosurecheck",
            ),
        ),
        migrations.AddConstraint(
            model_name="packevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("action", "accepted"), ("disclosure_check__isnull", False)),
                    models.Q(models.Q(("action", "accepted"), _negated=True), ("disclosure_check__isnull", True)),
                    _connector="OR",
                ),
                name="pack_event_acceptance_names_its_check",
            ),
        ),
        migrations.AddField(
            model_name="passagedecision",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="passagedecision",
            name="pack",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="passage_decisions", to="partnership.pack"
            ),
        ),
        migrations.AddConstraint(
            model_name="passagedecision",
            constraint=models.UniqueConstraint(fields=("pack", "passage"), name="passage_decided_once"),
        ),
        migrations.RunPython(reinstall, remove),
    ]
