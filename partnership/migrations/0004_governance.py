"""Bodies, meetings, resolutions, actions, improvement plans, risks, inspections and exception reports."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from indicators import triggers


def protect(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("finance", "0004_ssda903"),
        ("indicators", "0012_sums_of_figures"),
        ("partnership", "0003_projections_in_packs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AssuranceItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("code", models.SlugField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("statutory", "Statutory report"),
                            ("monitor", "Report to or by a monitor"),
                            ("internal_audit", "Internal audit"),
                            ("self_evaluation", "Self-evaluation and annual conversation"),
                            ("inspection", "Inspection of a service"),
                            ("visit", "Visit to a home"),
                            ("plan", "Plan or statement"),
                            ("report", "Progress report"),
                        ],
                        max_length=15,
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                ("owner_role", models.CharField(blank=True, max_length=160)),
                ("given_to", models.CharField(blank=True, max_length=160)),
                (
                    "every_months",
                    models.PositiveSmallIntegerField(blank=True, help_text="Empty: once, or not stated.", null=True),
                ),
                ("from_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("note", models.CharField(blank=True, max_length=600)),
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
                    "owner_partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assurance_items",
                        to="indicators.partner",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assurance_items",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "code"), name="assurance_item_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="assurance_item_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("code", models.SlugField(max_length=60)),
                ("from_on", models.DateField(verbose_name="from")),
                (
                    "from_basis",
                    models.CharField(
                        choices=[
                            ("stated", "as stated"),
                            ("first_named", "first named then"),
                            ("last_named", "last named then"),
                        ],
                        default="stated",
                        max_length=11,
                    ),
                ),
                (
                    "until_on",
                    models.DateField(
                        blank=True, help_text="The last day; empty: it goes on.", null=True, verbose_name="until"
                    ),
                ),
                (
                    "until_basis",
                    models.CharField(
                        choices=[
                            ("stated", "as stated"),
                            ("first_named", "first named then"),
                            ("last_named", "last named then"),
                        ],
                        default="stated",
                        max_length=11,
                    ),
                ),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="bodies", to="indicators.partnership"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "bodies",
                "ordering": ["partnership", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "code"), name="body_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="body_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="body_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField(verbose_name="from")),
                (
                    "periods_outside",
                    models.PositiveSmallIntegerField(default=2, help_text="Periods outside tolerance in a row."),
                ),
                (
                    "smallest_denominator",
                    models.DecimalField(
                        decimal_places=4,
                        default=20,
                        help_text="Below it reasons are asked at the level of the cohort, not a recovery plan.",
                        max_digits=15,
                    ),
                ),
                ("answer_working_days", models.PositiveSmallIntegerField(default=10)),
                ("authority", models.CharField(max_length=300)),
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
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalation_rules",
                        to="indicators.scorecard",
                    ),
                ),
            ],
            options={
                "ordering": ["scorecard", "from_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("periods_outside__gte", 1)), name="escalation_rule_one_period_at_least"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer_working_days__gte", 1)), name="escalation_rule_time_to_answer"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("code", models.SlugField(max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("inspectorate", models.CharField(max_length=120)),
                ("framework", models.CharField(blank=True, max_length=200)),
                (
                    "on",
                    models.DateField(
                        blank=True, help_text="The first of the month where only that is stated.", null=True
                    ),
                ),
                (
                    "on_words",
                    models.CharField(blank=True, help_text="As stated; “not stated” where it is not.", max_length=80),
                ),
                ("is_graded", models.BooleanField(default=True)),
                (
                    "outcome",
                    models.CharField(blank=True, help_text="What it found, where it gave no grade.", max_length=600),
                ),
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
                        related_name="inspections",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", models.OrderBy(models.F("on"), nulls_first=True), "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "code"), name="inspection_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="inspection_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=80)),
                ("file_name", models.CharField(max_length=160)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField(help_text="Bytes.")),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="indicators.partnership",
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "code"), name="stored_document_code_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Ambition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("inadequate", "Inadequate"),
                            ("requires_improvement", "Requires improvement to be good"),
                            ("good", "Good"),
                            ("outstanding", "Outstanding"),
                        ],
                        max_length=20,
                    ),
                ),
                ("or_better", models.BooleanField(default=False)),
                ("by_on", models.DateField(help_text="The last day of the month where only that is stated.")),
                ("by_words", models.CharField(max_length=80)),
                ("authority", models.CharField(max_length=200)),
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
                        related_name="ambitions",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "by_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "by_on", "grade"), name="ambition_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="ambition_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AssuranceDue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("due_words", models.CharField(blank=True, max_length=120)),
                ("done_on", models.DateField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
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
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dues", to="partnership.assuranceitem"
                    ),
                ),
            ],
            options={
                "ordering": ["item", "due_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("item", "due_on"), name="assurance_due_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="assurance_due_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BodySuccession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("on", models.DateField(blank=True, help_text="Empty: no day is stated.", null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
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
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successions_out",
                        to="partnership.body",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successions_in",
                        to="partnership.body",
                    ),
                ),
            ],
            options={
                "ordering": ["predecessor", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("predecessor", "successor"), name="body_succession_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                        name="body_succession_between_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="body_succession_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BodyVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("number", models.PositiveSmallIntegerField()),
                ("from_on", models.DateField(verbose_name="from")),
                ("name", models.CharField(max_length=160)),
                ("short_name", models.CharField(blank=True, max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("council", "Council"),
                            ("executive", "Executive"),
                            ("scrutiny", "Scrutiny committee or panel"),
                            ("board", "Board"),
                            ("partnership", "Partnership"),
                            ("group", "Group"),
                            ("sub_group", "Sub-group"),
                            ("task_group", "Task and finish group"),
                            ("panel", "Panel"),
                            ("forum", "Forum"),
                            ("meeting", "Regular meeting"),
                            ("unit", "Supporting unit"),
                            ("agency", "Agency"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "organisation_words",
                    models.CharField(blank=True, help_text="Where it is no partner's.", max_length=160),
                ),
                ("is_multi_agency", models.BooleanField(default=False)),
                ("purpose", models.CharField(blank=True, max_length=600)),
                (
                    "chair",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not stated"),
                            ("independent", "independent chair"),
                            ("rotating", "chaired by one of the partners in turn"),
                            ("elected_member", "chaired by an elected member"),
                            ("officer", "chaired by an officer"),
                        ],
                        max_length=14,
                        verbose_name="chair rule",
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not stated"),
                            ("weekly", "every week"),
                            ("four_weekly", "every four weeks"),
                            ("monthly", "every month"),
                            ("quarterly", "every quarter"),
                            ("half_yearly", "every six months"),
                            ("annual", "every year"),
                            ("as_required", "as required"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "quorum_number",
                    models.PositiveSmallIntegerField(blank=True, help_text="At least so many members.", null=True),
                ),
                (
                    "quorum_one_in",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="At least one in so many of its voting seats: 4 is a quarter.", null=True
                    ),
                ),
                (
                    "quorum_counts_vacancies",
                    models.BooleanField(
                        default=True, help_text="Whether the share is of all seats, vacant ones included."
                    ),
                ),
                ("meets_in_public", models.BooleanField(blank=True, help_text="Empty: not stated.", null=True)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="partnership.body"
                    ),
                ),
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
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose body it is; empty: of several partners, or of none.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bodies",
                        to="indicators.partner",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
            ],
            options={
                "ordering": ["body", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("body", "number"), name="body_version_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("quorum_one_in__isnull", True), ("quorum_one_in__gte", 1), _connector="OR"),
                        name="body_version_quorum_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="body_version_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImprovementPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("code", models.SlugField(max_length=60)),
                ("title", models.CharField(max_length=200)),
                (
                    "review_every_days",
                    models.PositiveSmallIntegerField(blank=True, help_text="28: every four weeks.", null=True),
                ),
                (
                    "report_every_months",
                    models.PositiveSmallIntegerField(blank=True, help_text="3: every quarter.", null=True),
                ),
                ("from_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("note", models.CharField(blank=True, max_length=600)),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="partnership.body",
                    ),
                ),
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
                    "funded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="finance.fundingprogramme",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="indicators.partner",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="improvement_plans",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "code"), name="improvement_plan_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="improvement_plan_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("order", models.PositiveSmallIntegerField()),
                ("area", models.CharField(max_length=200)),
                ("is_overall", models.BooleanField(default=False)),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("inadequate", "Inadequate"),
                            ("requires_improvement", "Requires improvement to be good"),
                            ("good", "Good"),
                            ("outstanding", "Outstanding"),
                        ],
                        max_length=20,
                    ),
                ),
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
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="partnership.inspection",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
            ],
            options={
                "ordering": ["inspection", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "order"), name="judgement_order_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="judgement_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("code", models.SlugField(max_length=90)),
                ("on", models.DateField(help_text="The day; the first of the month where no day is stated.")),
                (
                    "precision",
                    models.CharField(choices=[("day", "Day"), ("month", "Month")], default="day", max_length=6),
                ),
                ("starts_at", models.TimeField(blank=True, null=True)),
                ("venue", models.CharField(blank=True, max_length=200)),
                ("in_public", models.BooleanField(blank=True, help_text="Empty: not stated.", null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("called", "Agenda published"),
                            ("held", "Held"),
                            ("minuted", "Draft minutes published"),
                            ("confirmed", "Minutes confirmed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=9,
                    ),
                ),
                ("agenda_issued_on", models.DateField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=600)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="meetings", to="partnership.body"
                    ),
                ),
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
                        related_name="meetings",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "body"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "code"), name="meeting_code_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "cancelled"), _negated=True),
                        fields=("body", "on"),
                        name="meeting_of_body_once_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="meeting_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportingLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("formal", "reports formally to"),
                            ("as_required", "reports as required to"),
                            ("oversight", "is overseen by"),
                            ("support", "supports"),
                        ],
                        max_length=11,
                    ),
                ),
                ("from_on", models.DateField(verbose_name="from")),
                (
                    "from_basis",
                    models.CharField(
                        choices=[
                            ("stated", "as stated"),
                            ("first_named", "first named then"),
                            ("last_named", "last named then"),
                        ],
                        default="stated",
                        max_length=11,
                    ),
                ),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "until_basis",
                    models.CharField(
                        choices=[
                            ("stated", "as stated"),
                            ("first_named", "first named then"),
                            ("last_named", "last named then"),
                        ],
                        default="stated",
                        max_length=11,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
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
                    "lower",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines_up", to="partnership.body"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
                (
                    "upper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines_down", to="partnership.body"
                    ),
                ),
            ],
            options={
                "ordering": ["lower", "upper", "from_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("lower", "upper", "kind", "from_on"), name="reporting_line_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("lower", models.F("upper")), _negated=True),
                        name="reporting_line_between_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="reporting_line_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="reporting_line_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("code", models.SlugField(max_length=60)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("chair", "Chair"),
                            ("vice_chair", "Vice-chair"),
                            ("member", "Member"),
                            ("co_optee", "Co-opted member"),
                            ("invitee", "Invitee"),
                            ("officer", "Officer in support"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="What the seat is for: a role or an office, never a name.", max_length=160
                    ),
                ),
                (
                    "organisation_words",
                    models.CharField(blank=True, help_text="Where it is no partner.", max_length=160),
                ),
                (
                    "votes",
                    models.CharField(
                        choices=[
                            ("all", "on everything"),
                            ("education", "on education functions only"),
                            ("none", "on nothing"),
                        ],
                        max_length=9,
                    ),
                ),
                ("from_on", models.DateField(verbose_name="from")),
                (
                    "from_basis",
                    models.CharField(
                        choices=[
                            ("stated", "as stated"),
                            ("first_named", "first named then"),
                            ("last_named", "last named then"),
                        ],
                        default="stated",
                        max_length=11,
                    ),
                ),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "until_basis",
                    models.CharField(
                        choices=[
                            ("stated", "as stated"),
                            ("first_named", "first named then"),
                            ("last_named", "last named then"),
                        ],
                        default="stated",
                        max_length=11,
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="partnership.body"
                    ),
                ),
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
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="indicators.partner",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
            ],
            options={
                "ordering": ["body", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("body", "code"), name="seat_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="seat_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="seat_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("order", models.PositiveSmallIntegerField()),
                ("label", models.CharField(help_text="Its number as printed.", max_length=8)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("apologies", "Apologies for absence"),
                            ("exclusion", "Exclusion of the public and press"),
                            ("declarations", "Declarations of interest"),
                            ("minutes", "Minutes of an earlier meeting"),
                            ("statements", "Public statements"),
                            ("matters_arising", "Matters arising and actions"),
                            ("report", "Report"),
                            ("exception", "Exception report"),
                            ("urgent", "Urgent business"),
                        ],
                        max_length=15,
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                (
                    "function",
                    models.CharField(
                        choices=[("general", "General"), ("education", "Education")],
                        default="general",
                        help_text="Co-opted members with a limited vote vote on education only.",
                        max_length=9,
                    ),
                ),
                ("lead_role", models.CharField(blank=True, max_length=160)),
                ("is_exempt", models.BooleanField(default=False)),
                (
                    "exempt_paragraph",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Paragraph 1 to 7 of Part 1 of Schedule 12A, Local Government Act 1972.",
                        null=True,
                    ),
                ),
                (
                    "exempt_interest",
                    models.CharField(
                        blank=True,
                        help_text="Why the public interest in the exemption outweighs that in disclosing.",
                        max_length=300,
                    ),
                ),
                (
                    "added_on",
                    models.DateField(blank=True, help_text="Where it came after the agenda was issued.", null=True),
                ),
                ("urgency", models.CharField(blank=True, help_text="The chair's reason for urgency.", max_length=300)),
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
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
                (
                    "earlier_meeting",
                    models.ForeignKey(
                        blank=True,
                        help_text="The meeting whose minutes are taken.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnership.meeting",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="partnership.meeting"
                    ),
                ),
            ],
            options={
                "ordering": ["meeting", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "order"), name="agenda_item_order_unique"),
                    models.UniqueConstraint(fields=("meeting", "label"), name="agenda_item_label_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("exempt_interest", ""), ("exempt_paragraph__isnull", True), ("is_exempt", False)),
                            models.Q(
                                ("exempt_paragraph__range", (1, 7)),
                                ("is_exempt", True),
                                models.Q(("exempt_interest", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="agenda_item_exempt_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="agenda_item_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("moved", "Moved to another day"),
                            ("called", "Agenda published"),
                            ("late_paper", "Late item or paper added"),
                            ("held", "Recorded as held"),
                            ("minuted", "Draft minutes published"),
                            ("confirmed", "Minutes confirmed"),
                            ("cancelled", "Cancelled"),
                            ("speaker_deleted", "Name of a speaker deleted"),
                        ],
                        max_length=15,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "at_meeting",
                    models.ForeignKey(
                        blank=True,
                        help_text="The meeting that confirmed the minutes.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="partnership.meeting",
                    ),
                ),
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="partnership.meeting"
                    ),
                ),
            ],
            options={
                "ordering": ["meeting", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanPriority",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("order", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=300)),
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="priorities",
                        to="partnership.improvementplan",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
            ],
            options={
                "ordering": ["plan", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "order"), name="plan_priority_order_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="plan_priority_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("number", models.PositiveSmallIntegerField()),
                ("on", models.DateField()),
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
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_reviews",
                        to="partnership.meeting",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="partnership.improvementplan",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
                (
                    "summary",
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
                "ordering": ["plan", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "number"), name="plan_review_number_unique"),
                    models.UniqueConstraint(fields=("plan", "on"), name="plan_review_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="plan_review_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("order", models.PositiveSmallIntegerField()),
                ("topic", models.CharField(max_length=300)),
                ("minutes_long", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "speaker",
                    models.CharField(blank=True, help_text="Restricted; deleted after its day.", max_length=120),
                ),
                ("speaker_until", models.DateField(blank=True, null=True)),
                ("answer_owed", models.BooleanField(default=False)),
                ("answer_owner", models.CharField(blank=True, max_length=160)),
                ("answer_due_on", models.DateField(blank=True, null=True)),
                ("answered_on", models.DateField(blank=True, null=True)),
                (
                    "answer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.text",
                    ),
                ),
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="public_statements",
                        to="partnership.meeting",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
            ],
            options={
                "ordering": ["meeting", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "order"), name="public_statement_order_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("order__range", (1, 5))), name="public_statement_five_at_most"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("speaker", ""), ("speaker_until__isnull", True)),
                            models.Q(models.Q(("speaker", ""), _negated=True), ("speaker_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="public_statement_name_has_an_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="public_statement_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SeatHolding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("holder", models.CharField(help_text="The holder's role or office, as it is shown.", max_length=160)),
                ("from_on", models.DateField(verbose_name="from")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
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
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holdings", to="partnership.seat"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["seat", "from_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("seat", "from_on"), name="seat_holding_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("until_on__isnull", True)),
                        fields=("seat",),
                        name="seat_holding_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="seat_holding_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="seat_holding_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("order", models.PositiveSmallIntegerField()),
                ("who", models.CharField(help_text="Role or office.", max_length=160)),
                ("organisation_words", models.CharField(blank=True, max_length=160)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("present", "Present"),
                            ("substitute", "Present as a substitute"),
                            ("apologies", "Apologies"),
                            ("absent", "Absent"),
                            ("in_attendance", "In attendance"),
                        ],
                        max_length=13,
                    ),
                ),
                ("took_chair", models.BooleanField(default=False)),
                (
                    "arrived_for",
                    models.ForeignKey(
                        blank=True,
                        help_text="The first item attended; empty: from the start.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnership.agendaitem",
                    ),
                ),
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
                    "left_before",
                    models.ForeignKey(
                        blank=True,
                        help_text="The first item not attended any more; empty: to the end.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnership.agendaitem",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="partnership.meeting",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty for who has no seat on the body.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="partnership.seat",
                    ),
                ),
            ],
            options={
                "ordering": ["meeting", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "order"), name="attendance_order_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("seat__isnull", False)),
                        fields=("meeting", "seat"),
                        name="attendance_once_a_seat",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("took_chair", True)),
                        fields=("meeting",),
                        name="attendance_one_in_the_chair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="attendance_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExceptionRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("outside", "Outside tolerance for several periods in a row"),
                            ("relief_expired", "Relief has expired"),
                            ("not_reportable_late", "Not reportable past its date"),
                            ("asked", "Asked by a meeting"),
                        ],
                        max_length=19,
                    ),
                ),
                (
                    "asks",
                    models.CharField(
                        choices=[
                            ("recovery_plan", "cause, recovery plan, trajectory and the date back in tolerance"),
                            ("cohort_reasons", "reasons at the level of the cohort"),
                            ("date", "when it can be reported, and what stands in the way"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
                        help_text="n, and whether it is clear or could be chance, in words.", max_length=300
                    ),
                ),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("answered", "Answered"),
                            ("accepted", "Answer accepted"),
                            ("declined", "Declined with a reason"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                (
                    "figure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.figure",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        help_text="The item of the next agenda that carries it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exceptions",
                        to="partnership.agendaitem",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exception_requests",
                        to="indicators.scorecardline",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exception_requests",
                        to="indicators.partner",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exception_requests",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.period"
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "number"), name="exception_number_unique"),
                    models.UniqueConstraint(fields=("line", "period", "trigger"), name="exception_once_a_period"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("number", models.PositiveSmallIntegerField()),
                ("question", models.CharField(max_length=300)),
                ("asked_by", models.CharField(blank=True, max_length=160)),
                ("answered_at_meeting", models.BooleanField(default=False)),
                ("answer_owner", models.CharField(blank=True, max_length=160)),
                ("answer_due_on", models.DateField(blank=True, null=True)),
                ("answered_on", models.DateField(blank=True, null=True)),
                (
                    "answer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.text",
                    ),
                ),
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
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="partnership.agendaitem",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
            ],
            options={
                "ordering": ["item", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("item", "number"), name="member_question_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="member_question_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Minute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("number", models.PositiveSmallIntegerField()),
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
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="minutes", to="partnership.agendaitem"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.text"
                    ),
                ),
            ],
            options={
                "ordering": ["item", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("item", "number"), name="minute_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="minute_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("order", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=300)),
                ("pages", models.CharField(blank=True, help_text="As printed in the agenda.", max_length=40)),
                (
                    "available_on",
                    models.DateField(
                        blank=True, help_text="The day it was given out; empty: with the agenda.", null=True
                    ),
                ),
                (
                    "urgency",
                    models.CharField(blank=True, help_text="The chair's reason for a late paper.", max_length=300),
                ),
                ("embargo_until", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
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
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="partnership.agendaitem"
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="partnership.pack",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="partnership.storeddocument",
                    ),
                ),
            ],
            options={
                "ordering": ["item", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("item", "order"), name="paper_order_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("pack__isnull", True), ("document__isnull", True), _connector="OR"),
                        name="paper_is_a_pack_or_a_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="paper_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("order", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=600)),
                ("lead_role", models.CharField(blank=True, max_length=160)),
                ("from_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("due_on", models.DateField(blank=True, null=True)),
                ("original_due_on", models.DateField(blank=True, null=True)),
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
                    "funding_item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_actions",
                        to="finance.fundingitem",
                    ),
                ),
                (
                    "lead_partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_actions",
                        to="indicators.partner",
                    ),
                ),
                (
                    "measures",
                    models.ManyToManyField(blank=True, related_name="plan_actions", to="indicators.indicator"),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
                (
                    "priority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="partnership.planpriority",
                    ),
                ),
            ],
            options={
                "ordering": ["priority", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("priority", "order"), name="plan_action_order_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="plan_action_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Resolution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "number",
                    models.CharField(help_text="Year of the meeting and running number: 2015-4.", max_length=20),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("noted", "Noted: no action"),
                            ("resolved", "Resolved"),
                            ("recommended", "Recommended to the executive"),
                            ("excluded", "Public and press excluded"),
                        ],
                        max_length=11,
                    ),
                ),
                ("mover", models.CharField(blank=True, max_length=160)),
                ("seconder", models.CharField(blank=True, max_length=160)),
                ("by_consent", models.BooleanField(blank=True, help_text="Empty: not stated.", null=True)),
                ("votes_for", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("votes_against", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("abstained", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("owner_role", models.CharField(blank=True, max_length=160)),
                (
                    "response_due_on",
                    models.DateField(blank=True, help_text="Two months after a recommendation is given.", null=True),
                ),
                (
                    "addressed_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendations",
                        to="partnership.body",
                    ),
                ),
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
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="partnership.resolution",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
                        to="partnership.agendaitem",
                    ),
                ),
                (
                    "owner_partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
                        to="indicators.partner",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.text"
                    ),
                ),
            ],
            options={
                "ordering": ["item", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "number"), name="resolution_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("abstained__isnull", True),
                                ("votes_against__isnull", True),
                                ("votes_for__isnull", True),
                            ),
                            models.Q(("votes_against__isnull", False), ("votes_for__isnull", False)),
                            _connector="OR",
                        ),
                        name="resolution_votes_together",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("votes_for__isnull", True),
                            ("by_consent__isnull", True),
                            ("by_consent", False),
                            _connector="OR",
                        ),
                        name="resolution_by_consent_or_vote",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("votes_for__isnull", True), ("votes_for__gte", models.F("votes_against")), _connector="OR"
                        ),
                        name="resolution_was_carried",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "recommended"), _negated=True),
                            models.Q(("addressed_to__isnull", False), ("response_due_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="resolution_recommendation_has_a_clock",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="resolution_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("number", models.PositiveIntegerField()),
                ("owner_role", models.CharField(max_length=160)),
                ("due_on", models.DateField(blank=True, help_text="Empty: no day is stated.", null=True)),
                ("original_due_on", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("done", "Done, to be closed"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
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
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner_partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="indicators.partner",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="indicators.partnership"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
                (
                    "what",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.text"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        help_text="The item whose minute it comes from.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="partnership.agendaitem",
                    ),
                ),
                (
                    "exception",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="partnership.exceptionrequest",
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="partnership.resolution",
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "number"), name="action_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("owner_role", ""), _negated=True), name="action_has_an_owner"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="action_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExceptionStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("answered", "Answered"),
                            ("declined", "Declined with a reason"),
                            ("returned", "Sent back"),
                            ("accepted", "Accepted"),
                        ],
                        max_length=8,
                    ),
                ),
                ("back_on", models.DateField(blank=True, help_text="The date back in tolerance.", null=True)),
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
                    "cause",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.text",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.text",
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
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="partnership.exceptionrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["request", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("request", "number"), name="exception_step_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["declined", "returned"]), _negated=True),
                            ("reason__isnull", False),
                            _connector="OR",
                        ),
                        name="exception_step_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "answered"), _negated=True), ("cause__isnull", False), _connector="OR"
                        ),
                        name="exception_answer_names_the_cause",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("pecuniary", "Disclosable pecuniary interest"), ("other", "Other interest")],
                        max_length=9,
                    ),
                ),
                ("nature", models.CharField(max_length=300)),
                ("withdrew", models.BooleanField(default=False)),
                (
                    "attendance",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declarations",
                        to="partnership.attendance",
                    ),
                ),
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
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declarations",
                        to="partnership.agendaitem",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declarations",
                        to="partnership.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ["meeting", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="declaration_typed_or_printed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanDateChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_due_on", models.DateField(blank=True, null=True)),
                ("new_due_on", models.DateField()),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="date_changes",
                        to="partnership.planaction",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                "ordering": ["action", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanReviewLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "brag",
                    models.CharField(
                        choices=[
                            ("blue", "Complete"),
                            ("green", "On track"),
                            ("amber", "At risk"),
                            ("red", "Off track"),
                            ("not_started", "Not started"),
                        ],
                        max_length=11,
                    ),
                ),
                ("due_on", models.DateField(blank=True, help_text="Its due day then.", null=True)),
                (
                    "evidence_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "nobody in particular"),
                            ("children", "children and young people"),
                            ("families", "families"),
                            ("staff", "front-line staff"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_lines",
                        to="partnership.planaction",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.text",
                    ),
                ),
                (
                    "progress",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.text",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="partnership.planreview"
                    ),
                ),
                (
                    "what_changed",
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
                "ordering": ["review", "action"],
                "constraints": [
                    models.UniqueConstraint(fields=("review", "action"), name="plan_review_line_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("brag", "blue"), _negated=True), ("evidence__isnull", False), _connector="OR"
                        ),
                        name="plan_complete_with_evidence",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResolutionResponse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("on", models.DateField()),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("accepted", "Accepted"),
                            ("partly", "Accepted in part"),
                            ("rejected", "Not accepted"),
                        ],
                        max_length=8,
                    ),
                ),
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
                    "resolution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="partnership.resolution",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.text"
                    ),
                ),
            ],
            options={
                "ordering": ["resolution", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="resolution_response_typed_or_printed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "programme",
                    models.CharField(
                        choices=[
                            ("scrutiny", "Work programme"),
                            ("forward_plan", "Forward plan of key decisions"),
                            ("partner", "Plan of priorities"),
                        ],
                        max_length=12,
                    ),
                ),
                ("code", models.SlugField(max_length=80)),
                ("title", models.CharField(max_length=300)),
                ("owner_role", models.CharField(blank=True, max_length=160)),
                ("expected_from", models.DateField(blank=True, null=True)),
                (
                    "expected_by",
                    models.DateField(blank=True, help_text="The last day on which it is in time.", null=True),
                ),
                (
                    "expected_words",
                    models.CharField(blank=True, help_text="As the resolution or paper says it.", max_length=160),
                ),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=300)),
                (
                    "notice_on",
                    models.DateField(blank=True, help_text="Forward plan: the day that notice was given.", null=True),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="work_items", to="partnership.body"
                    ),
                ),
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
                    "owner_partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_items",
                        to="indicators.partner",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_items",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "received_at",
                    models.ForeignKey(
                        blank=True,
                        help_text="The item under which it came.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_items",
                        to="partnership.agendaitem",
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_items",
                        to="partnership.resolution",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "expected_by", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "code"), name="work_item_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expected_from__isnull", True),
                            ("expected_by__isnull", True),
                            ("expected_by__gte", models.F("expected_from")),
                            _connector="OR",
                        ),
                        name="work_item_expected_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_on__isnull", True),
                            models.Q(("withdrawn_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="work_item_withdrawn_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="work_item_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Citation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value_words", models.CharField(help_text="The value as it was shown then.", max_length=120)),
                ("rating", models.CharField(blank=True, help_text="Code of its rating then.", max_length=12)),
                ("at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="partnership.action",
                    ),
                ),
                (
                    "figure",
                    models.ForeignKey(
                        blank=True,
                        help_text="The revision as reported then; empty where there was none.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="indicators.figure",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="indicators.scorecardline",
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="partnership.pack",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.period"
                    ),
                ),
                (
                    "exception",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="partnership.exceptionrequest",
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="partnership.resolution",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("action__isnull", False), ("exception__isnull", True), ("resolution__isnull", True)
                            ),
                            models.Q(
                                ("action__isnull", True), ("exception__isnull", True), ("resolution__isnull", False)
                            ),
                            models.Q(
                                ("action__isnull", True), ("exception__isnull", False), ("resolution__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="citation_is_of_one_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Risk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("code", models.SlugField(max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("cause", models.CharField(blank=True, max_length=600)),
                ("effect", models.CharField(blank=True, max_length=600)),
                ("owner_role", models.CharField(blank=True, max_length=160)),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("closed_reason", models.CharField(blank=True, max_length=300)),
                ("actions", models.ManyToManyField(blank=True, related_name="risks", to="partnership.action")),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risks",
                        to="partnership.body",
                    ),
                ),
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
                ("indicators", models.ManyToManyField(blank=True, related_name="risks", to="indicators.indicator")),
                (
                    "owner_partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risks",
                        to="indicators.partner",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risks",
                        to="partnership.paper",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="risks", to="indicators.partnership"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risks",
                        to="partnership.improvementplan",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.sourcedocument",
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "code"), name="risk_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True), models.Q(("closed_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="risk_closed_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="risk_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("created", "Agreed"),
                            ("progress", "Progress told"),
                            ("done", "Told as done"),
                            ("date_moved", "Date moved"),
                            ("reassigned", "Given to another owner"),
                            ("closed", "Closed"),
                            ("reopened", "Opened again"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "evidence_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "nobody in particular"),
                            ("children", "children and young people"),
                            ("families", "families"),
                            ("staff", "front-line staff"),
                        ],
                        max_length=8,
                    ),
                ),
                ("due_on", models.DateField(blank=True, help_text="The day from this step on.", null=True)),
                ("owner_role", models.CharField(blank=True, help_text="The owner from this step on.", max_length=160)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("known_on", models.DateField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="partnership.action"
                    ),
                ),
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
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.text",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.text",
                    ),
                ),
                (
                    "at_meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_steps",
                        to="partnership.meeting",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence_of",
                        to="partnership.storeddocument",
                    ),
                ),
            ],
            options={
                "ordering": ["action", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("action", "number"), name="action_step_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "closed"), _negated=True), ("evidence__isnull", False), _connector="OR"
                        ),
                        name="action_closed_with_evidence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["date_moved", "reassigned", "reopened", "cancelled"]), _negated=True
                            ),
                            ("text__isnull", False),
                            _connector="OR",
                        ),
                        name="action_changed_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrajectoryPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.DecimalField(decimal_places=4, max_digits=15)),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.period"
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trajectory",
                        to="partnership.exceptionstep",
                    ),
                ),
            ],
            options={
                "ordering": ["step", "period__start_on"],
                "constraints": [models.UniqueConstraint(fields=("step", "period"), name="trajectory_point_unique")],
            },
        ),
        migrations.CreateModel(
            name="RiskScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("likelihood_before", models.PositiveSmallIntegerField()),
                ("impact_before", models.PositiveSmallIntegerField()),
                ("likelihood_after", models.PositiveSmallIntegerField()),
                ("impact_after", models.PositiveSmallIntegerField()),
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
                    "mitigation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.text",
                    ),
                ),
                (
                    "risk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="partnership.risk"
                    ),
                ),
            ],
            options={
                "ordering": ["risk", "on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("impact_after__range", (1, 5)),
                            ("impact_before__range", (1, 5)),
                            ("likelihood_after__range", (1, 5)),
                            ("likelihood_before__range", (1, 5)),
                        ),
                        name="risk_score_one_to_five",
                    )
                ],
            },
        ),
        migrations.RunPython(protect, protect),
    ]
