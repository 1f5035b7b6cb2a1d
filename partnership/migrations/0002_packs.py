"""What meetings are given, and what happened to it; frozen once it is published."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from indicators import triggers


def protect(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


def unprotect(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0004_trust"),
        ("partnership", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Pack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=80)),
                ("title", models.CharField(max_length=160)),
                ("body", models.CharField(help_text="The board or committee that meets.", max_length=160)),
                ("meeting_on", models.DateField()),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("board", "Board members and partners"),
                            ("public", "Everybody"),
                            ("exempt", "Exempt from publication"),
                        ],
                        max_length=6,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=600)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="packs", to="indicators.partnership"
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="partnership.pack",
                    ),
                ),
            ],
            options={
                "ordering": ["-meeting_on", "code"],
            },
        ),
        migrations.CreateModel(
            name="PackChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="choices", to="partnership.pack"
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.period"
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.scorecard"
                    ),
                ),
            ],
            options={
                "ordering": ["pack", "order"],
            },
        ),
        migrations.CreateModel(
            name="PackEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("created", "Begun"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                            ("superseded", "Replaced by a later pack"),
                            ("reinstated", "In force again"),
                            ("redacted", "Redacted for cause"),
                        ],
                        max_length=10,
                    ),
                ),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "is_breach",
                    models.BooleanField(
                        default=False, help_text="Withdrawn for a breach: nobody may read it any more."
                    ),
                ),
                ("manifest", models.JSONField(blank=True, null=True)),
                ("manifest_sha256", models.CharField(blank=True, max_length=64)),
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
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="partnership.pack"
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.text",
                    ),
                ),
            ],
            options={
                "ordering": ["pack", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PackReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "point",
                    models.CharField(
                        help_text="Code of the point and natural key of what it is about.", max_length=200
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="reasons", to="partnership.pack"
                    ),
                ),
            ],
            options={
                "ordering": ["pack", "point"],
            },
        ),
        migrations.CreateModel(
            name="PackTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                ("code", models.SlugField(max_length=80)),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tables", to="partnership.pack"
                    ),
                ),
                (
                    "table",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="in_pack",
                        to="indicators.publishedtable",
                    ),
                ),
            ],
            options={
                "ordering": ["pack", "order"],
            },
        ),
        migrations.AddConstraint(
            model_name="pack",
            constraint=models.UniqueConstraint(fields=("partnership", "code"), name="pack_code_unique"),
        ),
        migrations.AddConstraint(
            model_name="packchoice",
            constraint=models.UniqueConstraint(fields=("pack", "scorecard", "period"), name="pack_choice_once"),
        ),
        migrations.AddConstraint(
            model_name="packevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("action", "published")), fields=("pack",), name="pack_event_published_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="packevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("action", "published"), ("manifest__isnull", False)),
                    models.Q(models.Q(("action", "published"), _negated=True), ("manifest__isnull", True)),
                    _connector="OR",
                ),
                name="pack_event_manifest_with_publication",
            ),
        ),
        migrations.AddConstraint(
            model_name="packevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("action", "withdrawn"), _negated=True), ("reason__isnull", False), _connector="OR"
                ),
                name="pack_event_withdrawal_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="packreason",
            constraint=models.UniqueConstraint(fields=("pack", "point"), name="pack_reason_once"),
        ),
        migrations.AddConstraint(
            model_name="packtable",
            constraint=models.UniqueConstraint(fields=("pack", "order"), name="pack_table_order_unique"),
        ),
        migrations.AddConstraint(
            model_name="packtable",
            constraint=models.UniqueConstraint(fields=("pack", "code"), name="pack_table_code_unique"),
        ),
        migrations.RunPython(protect, unprotect),
    ]
