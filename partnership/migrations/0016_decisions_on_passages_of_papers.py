"""What a reviewer decided of the passages of a committee paper for everybody: a row for each, never changed."""

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
        ("partnership", "0015_documents_and_committee_papers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(remove, reinstall),
        migrations.AlterField(
            model_name="paperissue",
            name="rests_on",
            field=models.JSONField(
                help_text="Fingerprint of the pack; the wordings and signatures, by section; the passages that were decided of, each with who did."
            ),
        ),
        migrations.CreateModel(
            name="PaperPassageDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "passage",
                    models.CharField(
                        help_text="SHA-256 of where it stands, of the text and of the passage.", max_length=64
                    ),
                ),
                (
                    "place",
                    models.CharField(help_text="Code of the section and what of it, or the title.", max_length=60),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passage_decisions",
                        to="partnership.committeepaper",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.text"
                    ),
                ),
            ],
            options={
                "ordering": ["paper", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("paper", "passage"), name="paper_passage_decided_once")
                ],
            },
        ),
        migrations.RunPython(reinstall, remove),
    ]
