"""Funding programmes can be typed as well as printed, and a line of a business case has steps that decide on it."""

from datetime import UTC, datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from indicators import triggers

FUNDING = {"fundingprogramme": "funding_programme", "fundingitem": "funding_item", "fundingamount": "funding_amount"}
REGISTERS = ("saving", "case", "line", "claim", "milestone", "item")


def protect(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


def of_one(registers):
    found = Q()
    for wanted in registers:
        found |= Q(**{f"{name}__isnull": name != wanted for name in registers})
    return models.CheckConstraint(condition=found, name="register_step_of_one")


def typed_or_printed(model, name):
    """The columns of a row that a person can type, and that it names a person or a paper."""
    person = models.ForeignKey(
        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
        to=settings.AUTH_USER_MODEL,
    )  # fmt: skip
    source = models.ForeignKey(
        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
        to="indicators.sourcedocument",
    )  # fmt: skip
    actor, at = models.CharField(default="loaded", max_length=160), datetime(2022, 7, 7, tzinfo=UTC)
    condition = Q(by__isnull=False) | Q(source__isnull=False)
    return [
        migrations.AddField(model, "actor", actor, preserve_default=False),
        migrations.AddField(model, "at", models.DateTimeField(default=at), preserve_default=False),
        migrations.AddField(model, "by", person),
        migrations.AlterField(model, "paragraph", models.CharField(blank=True, max_length=300)),
        migrations.AlterField(model, "source", source),
        migrations.AddConstraint(model, models.CheckConstraint(condition=condition, name=f"{name}_typed_or_printed")),
    ]


class Migration(migrations.Migration):
    dependencies = [("finance", "0001_money")]

    operations = [
        *(one for model, name in FUNDING.items() for one in typed_or_printed(model, name)),
        migrations.RemoveConstraint("registerstep", "register_step_of_one"),
        migrations.AddField(
            "registerstep",
            "line",
            models.ForeignKey(
                blank=True, help_text="A step of a line decides on it.", null=True,
                on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="finance.businesscaseline",
            ),
        ),
        migrations.AddConstraint("registerstep", of_one(REGISTERS)),
        migrations.RunPython(protect, protect),
    ]  # fmt: skip
