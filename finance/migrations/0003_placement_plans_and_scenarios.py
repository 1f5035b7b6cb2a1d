"""Plans of placements with what they assume, scenarios on them, and results that are kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from indicators import triggers


def protect(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("finance", "0002_funding_is_typed_too_and_lines_are_decided"),
        ("indicators", "0010_commentary_from_an_amount"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PlacementPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("code", models.SlugField(max_length=80)),
                ("name", models.CharField(max_length=160)),
                ("as_at", models.DateField(help_text="Nights before it are past.")),
                ("note", models.CharField(blank=True, max_length=600)),
                (
                    "cost_to_date_pence",
                    models.BigIntegerField(
                        blank=True,
                        help_text="Spent in the year before the day; empty: worked out from the rows.",
                        null=True,
                    ),
                ),
                ("cost_to_date_words", models.CharField(blank=True, max_length=300)),
                ("budget_pence", models.BigIntegerField(blank=True, null=True)),
                ("budget_words", models.CharField(blank=True, max_length=300)),
                ("odd_prices_reason", models.CharField(blank=True, max_length=300)),
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
                        related_name="placement_plans",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="finance.placementplan",
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
                "ordering": ["partnership", "-as_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "code"), name="placement_plan_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("budget_pence__isnull", True), ("budget_pence__gte", 0), _connector="OR"),
                        name="placement_plan_budget_from_0",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("budget_pence__isnull", True),
                                models.Q(("budget_words", ""), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("cost_to_date_pence__isnull", True),
                                models.Q(("cost_to_date_words", ""), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="placement_plan_says_where_money_is_from",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="placement_plan_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanAssumption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("starters", "Starters"),
                            ("leaving", "Unplanned leavers"),
                            ("uplift", "Change of prices"),
                            ("contingency", "Contingency"),
                        ],
                        max_length=11,
                    ),
                ),
                ("number", models.DecimalField(decimal_places=4, max_digits=12)),
                ("over", models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True)),
                ("on", models.DateField(blank=True, null=True)),
                (
                    "prices_pence",
                    models.JSONField(blank=True, default=list, help_text="Of starters: recent prices of a week."),
                ),
                ("words", models.CharField(max_length=300)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assumptions",
                        to="finance.placementplan",
                    ),
                ),
                (
                    "rung",
                    models.ForeignKey(
                        blank=True,
                        limit_choices_to=models.Q(("dimension__code__in", ["rung", "rung-group"])),
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.category",
                    ),
                ),
            ],
            options={
                "ordering": ["plan", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "order"), name="plan_assumption_order_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="plan_assumption_has_a_source"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["starters", "leaving"]), ("over__gt", 0), ("rung__isnull", False)),
                            models.Q(("kind__in", ["uplift", "contingency"]), ("over__isnull", True)),
                            _connector="OR",
                        ),
                        name="plan_assumption_of_its_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "uplift"), ("on__isnull", False)),
                            models.Q(models.Q(("kind", "uplift"), _negated=True), ("on__isnull", True)),
                            _connector="OR",
                        ),
                        name="plan_uplift_has_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_accepted", models.BooleanField()),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="finance.placementplan"
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
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("is_accepted", True), ("reason__isnull", False), _connector="OR"),
                        name="plan_refusal_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("weekly_pence", models.BigIntegerField()),
                ("start_on", models.DateField()),
                ("end_on", models.DateField(blank=True, null=True)),
                ("move_on", models.DateField(blank=True, null=True)),
                ("move_weekly_pence", models.BigIntegerField(blank=True, null=True)),
                ("move_percent", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                (
                    "words",
                    models.CharField(blank=True, help_text="Where it is from; no child, no family.", max_length=300),
                ),
                (
                    "move_to",
                    models.ForeignKey(
                        blank=True,
                        limit_choices_to=models.Q(("dimension__code__in", ["rung", "rung-group"])),
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.category",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="finance.placementplan"
                    ),
                ),
                (
                    "rung",
                    models.ForeignKey(
                        limit_choices_to=models.Q(("dimension__code__in", ["rung", "rung-group"])),
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.category",
                    ),
                ),
            ],
            options={
                "ordering": ["plan", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "order"), name="plan_row_order_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1), ("weekly_pence__gte", 0)),
                        name="plan_row_counts_and_costs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end_on__isnull", True), ("end_on__gte", models.F("start_on")), _connector="OR"
                        ),
                        name="plan_row_ends_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("move_on__isnull", True), ("move_percent__isnull", True), ("move_to__isnull", True)
                            ),
                            models.Q(("move_on__isnull", False), ("move_percent__gte", 0), ("move_percent__lte", 100)),
                            _connector="OR",
                        ),
                        name="plan_row_move_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Scenario",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=80)),
                ("name", models.CharField(max_length=120)),
                ("purpose", models.CharField(max_length=600)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=300)),
                (
                    "copied_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="finance.scenario",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scenarios",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scenarios",
                        to="finance.placementplan",
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "code"), name="scenario_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_reason", "")),
                            models.Q(
                                ("withdrawn_at__isnull", False), models.Q(("withdrawn_reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="scenario_withdrawn_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectionRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=100)),
                ("name", models.CharField(max_length=160)),
                ("scenario_version", models.PositiveIntegerField(blank=True, null=True)),
                ("inputs_sha256", models.CharField(max_length=64)),
                ("runs", models.PositiveIntegerField()),
                ("seed", models.PositiveBigIntegerField()),
                ("software_version", models.CharField(max_length=40)),
                ("this_year_pence", models.BigIntegerField()),
                ("next_year_pence", models.BigIntegerField()),
                ("lines", models.JSONField(help_text="Code, name, this year, next year.")),
                (
                    "steps",
                    models.JSONField(default=list, help_text="In words, with what each changes this year and next."),
                ),
                ("assumptions", models.JSONField(default=list, help_text="Sentences.")),
                ("bands", models.JSONField()),
                ("over_budget_percent", models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs_kept",
                        to="finance.placementplan",
                    ),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs_kept",
                        to="finance.scenario",
                    ),
                ),
            ],
            options={
                "ordering": ["plan", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "code"), name="projection_run_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("scenario__isnull", True), ("scenario_version__isnull", True)),
                            models.Q(("scenario__isnull", False), ("scenario_version__isnull", False)),
                            _connector="OR",
                        ),
                        name="projection_run_names_its_version",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScenarioStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("move", "Move children from rung to rung"),
                            ("price", "Change a price"),
                            ("open", "Open a home"),
                            ("delay", "Delay a home"),
                        ],
                        max_length=5,
                    ),
                ),
                ("on", models.DateField()),
                (
                    "number",
                    models.PositiveIntegerField(blank=True, help_text="Children, or beds of a home.", null=True),
                ),
                (
                    "weekly_pence",
                    models.BigIntegerField(blank=True, help_text="Empty: the price of the plan.", null=True),
                ),
                ("percent", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                (
                    "pence",
                    models.BigIntegerField(
                        blank=True, help_text="Of a change of price: more, or less, a week.", null=True
                    ),
                ),
                ("home_name", models.CharField(blank=True, max_length=120)),
                ("a_month", models.PositiveIntegerField(blank=True, null=True)),
                ("standing_pence", models.BigIntegerField(blank=True, null=True)),
                ("words", models.CharField(help_text="Why, and where its numbers are from.", max_length=300)),
                (
                    "from_rung",
                    models.ForeignKey(
                        blank=True,
                        limit_choices_to=models.Q(("dimension__code__in", ["rung", "rung-group"])),
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.category",
                    ),
                ),
                (
                    "home",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="finance.home",
                    ),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="finance.scenario"
                    ),
                ),
                (
                    "to_rung",
                    models.ForeignKey(
                        blank=True,
                        limit_choices_to=models.Q(("dimension__code__in", ["rung", "rung-group"])),
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.category",
                    ),
                ),
            ],
            options={
                "ordering": ["scenario", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("scenario", "order"), name="scenario_step_order_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="scenario_step_says_why"
                    ),
                ],
            },
        ),
        migrations.RunPython(protect, protect),
    ]
