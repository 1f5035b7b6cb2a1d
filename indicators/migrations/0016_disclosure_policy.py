"""How a partnership protects small numbers, and of which shares those left out need no protection."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from indicators import triggers


def reinstall(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0015_kept_forecasts"),
    ]

    operations = [
        migrations.AddField(
            model_name="indicatorversion",
            name="complement_authority",
            field=models.CharField(
                blank=True,
                help_text="Who decided that those not counted need no protection, such as in a measure of the own timeliness; empty: a small number left out of a share is protected like one that is counted.",
                max_length=300,
            ),
        ),
        migrations.CreateModel(
            name="DisclosurePolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("valid_from", models.DateField(help_text="The first day on which a pack is published under it.")),
                (
                    "threshold",
                    models.PositiveSmallIntegerField(
                        help_text="The smallest count that may be shown, besides 0: every count from 1 to one below it is hidden.",
                        validators=[
                            django.core.validators.MinValueValidator(3),
                            django.core.validators.MaxValueValidator(20),
                        ],
                    ),
                ),
                (
                    "small_group",
                    models.PositiveSmallIntegerField(
                        help_text="A group of at most so many is small: where all or none of it have something, that tells of each.",
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                (
                    "zero_discloses",
                    models.BooleanField(
                        help_text="Whether a group of which all or none have something is hidden, because it tells of each of them."
                    ),
                ),
                (
                    "shows_value_only",
                    models.BooleanField(
                        help_text="Whether a share or an average is shown of which nobody holds from how many it was worked out."
                    ),
                ),
                (
                    "rounding_base",
                    models.PositiveSmallIntegerField(
                        help_text="To what counts are rounded where a table is rounded in place of hiding.",
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                ("counts", models.JSONField(help_text="What a figure counts that it applies to, such as children.")),
                ("authority", models.CharField(help_text="The decision, and who took it.", max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosure_policies",
                        to="indicators.partnership",
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "number"), name="disclosure_policy_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("rounding_base__gte", 2), ("threshold__gte", 3), ("threshold__lte", 20)),
                        name="disclosure_policy_protects",
                    ),
                ],
            },
        ),
        migrations.RunPython(reinstall, migrations.RunPython.noop),
    ]
