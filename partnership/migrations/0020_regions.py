"""Regions of partnerships, and who joined and left them."""

import django.db.models.deletion
from django.db import migrations, models

from indicators import triggers


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection)


def reinstall(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0016_disclosure_policy"),
        ("partnership", "0019_reasons_for_withdrawal_are_looked_through"),
    ]

    operations = [
        migrations.CreateModel(
            name="Region",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=120)),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.CreateModel(
            name="RegionStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "action",
                    models.CharField(choices=[("joined", "Joined"), ("left", "Left")], max_length=6),
                ),
                (
                    "on",
                    models.DateField(help_text="The first day of membership, or the first day without it."),
                ),
                ("authority", models.CharField(help_text="Who decided this, and where.", max_length=300)),
                ("recorded_at", models.DateTimeField()),
                ("actor", models.CharField(max_length=160)),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="region_steps",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="partnership.region"
                    ),
                ),
            ],
            options={"ordering": ["region", "partnership", "on", "pk"]},
        ),
        migrations.RunPython(reinstall, remove),
    ]
