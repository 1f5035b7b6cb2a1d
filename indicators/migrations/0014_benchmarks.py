"""Areas, comparator groups, official data sets and their values; the record says when figures were imported."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from indicators import triggers


def reinstall(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0013_governance_in_the_audit"),
    ]

    operations = [
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(help_text="GSS code, such as E08000017.", max_length=9, unique=True)),
                (
                    "old_code",
                    models.CharField(blank=True, help_text="The Department's three digits, such as 371.", max_length=4),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[("country", "Country"), ("region", "Region"), ("authority", "Local authority")],
                        max_length=10,
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="indicators.area",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "code"],
            },
        ),
        migrations.CreateModel(
            name="BenchmarkImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("file_name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("mapping_sha256", models.CharField(max_length=64)),
                ("values_held", models.PositiveIntegerField(default=0)),
                ("began_at", models.DateTimeField()),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                ("actor", models.CharField(max_length=160)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["benchmark_set", "-number"],
            },
        ),
        migrations.CreateModel(
            name="BenchmarkSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=60, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("publisher", models.CharField(max_length=120)),
                ("licence", models.CharField(max_length=120)),
                (
                    "current",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="current_of",
                        to="indicators.benchmarkimport",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="BenchmarkMeasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=200)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("percent", "percent"),
                            ("count", "count"),
                            ("days", "days"),
                            ("per_10000", "per_10000"),
                            ("per_100000", "per_100000"),
                            ("pounds", "pounds"),
                        ],
                        max_length=12,
                    ),
                ),
                ("places", models.PositiveSmallIntegerField(default=1)),
                (
                    "polarity",
                    models.CharField(
                        choices=[("higher", "higher"), ("lower", "lower"), ("band", "band"), ("none", "none")],
                        max_length=8,
                    ),
                ),
                ("numerator", models.CharField(blank=True, max_length=200)),
                ("denominator", models.CharField(blank=True, max_length=200)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "benchmark_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="indicators.benchmarkset",
                    ),
                ),
            ],
            options={
                "ordering": ["benchmark_set", "code"],
            },
        ),
        migrations.AddField(
            model_name="benchmarkimport",
            name="benchmark_set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="imports", to="indicators.benchmarkset"
            ),
        ),
        migrations.CreateModel(
            name="BenchmarkValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.DecimalField(blank=True, decimal_places=4, max_digits=15, null=True)),
                ("numerator", models.DecimalField(blank=True, decimal_places=4, max_digits=15, null=True)),
                ("denominator", models.DecimalField(blank=True, decimal_places=4, max_digits=15, null=True)),
                ("symbol", models.CharField(blank=True, max_length=4)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="values", to="indicators.area"
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="indicators.benchmarkmeasure",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.period"
                    ),
                ),
                (
                    "source_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="indicators.benchmarkimport",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ComparatorGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, help_text="The last day, included.", null=True)),
                ("source", models.CharField(max_length=300)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comparator_groups",
                        to="indicators.area",
                    ),
                ),
            ],
            options={
                "ordering": ["area", "-valid_from"],
            },
        ),
        migrations.CreateModel(
            name="ComparatorMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveSmallIntegerField()),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.area"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="indicators.comparatorgroup",
                    ),
                ),
            ],
            options={
                "ordering": ["group", "rank"],
            },
        ),
        migrations.CreateModel(
            name="Comparison",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_same_definition", models.BooleanField(default=False)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comparisons",
                        to="indicators.indicator",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comparisons",
                        to="indicators.benchmarkmeasure",
                    ),
                ),
            ],
            options={
                "ordering": ["indicator", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(("region__isnull", True), ("kind", "authority"), _connector="OR"),
                name="area_in_a_region_is_an_authority",
            ),
        ),
        migrations.AddConstraint(
            model_name="benchmarkimport",
            constraint=models.UniqueConstraint(fields=("benchmark_set", "number"), name="benchmark_import_number"),
        ),
        migrations.AddConstraint(
            model_name="benchmarkvalue",
            constraint=models.UniqueConstraint(
                fields=("source_import", "measure", "period", "area"), name="benchmark_value_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="benchmarkvalue",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__isnull", False), models.Q(("symbol", ""), _negated=True), _connector="OR"),
                name="benchmark_value_or_symbol",
            ),
        ),
        migrations.AddConstraint(
            model_name="comparatorgroup",
            constraint=models.UniqueConstraint(fields=("area", "code"), name="comparator_group_code_unique"),
        ),
        migrations.AddConstraint(
            model_name="comparatorgroup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="comparator_group_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="comparatormember",
            constraint=models.UniqueConstraint(fields=("group", "area"), name="comparator_member_once"),
        ),
        migrations.AddConstraint(
            model_name="comparatormember",
            constraint=models.UniqueConstraint(fields=("group", "rank"), name="comparator_rank_once"),
        ),
        migrations.AddConstraint(
            model_name="comparison",
            constraint=models.UniqueConstraint(fields=("indicator", "measure"), name="comparison_once"),
        ),
        migrations.AddConstraint(
            model_name="comparison",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_same_definition", True), models.Q(("note", ""), _negated=True), _connector="OR"
                ),
                name="comparison_says_how_it_differs",
            ),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("signed_in", "Signed in"),
                    ("sign_in_failed", "Sign-in failed"),
                    ("signed_out", "Signed out"),
                    ("person_added", "Person added"),
                    ("role_granted", "Role granted"),
                    ("role_ended", "Role ended"),
                    ("gate_named", "Lead or deputy named"),
                    ("exported_unpublished", "Unpublished data downloaded"),
                    ("round_locked", "Round locked"),
                    ("round_reopened", "Round reopened"),
                    ("lock_exception", "Exception to a lock given"),
                    ("target_changed", "Target changed"),
                    ("relief_agreed", "Relief agreed"),
                    ("relief_ended", "Relief ended"),
                    ("pack_published", "Pack published"),
                    ("pack_withdrawn", "Pack withdrawn"),
                    ("money_recorded", "Money recorded"),
                    ("money_decided", "Money decided"),
                    ("governance_recorded", "Governance recorded"),
                    ("benchmarks_imported", "Official figures imported"),
                    ("redacted", "Redacted for cause"),
                ],
                max_length=22,
            ),
        ),
        migrations.RunPython(reinstall, migrations.RunPython.noop),
    ]
