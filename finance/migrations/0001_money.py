"""Budget heads, rungs, contract sums, funding and registers; what is append-only is protected like every record."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from indicators import triggers


def protect(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


def unprotect(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("indicators", "0008_money_scorecards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BudgetHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                ("paragraph", models.CharField(max_length=300)),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.category"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="finance.budgethead",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budget_heads",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.sourcedocument"
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "category", "parent"), name="budget_head_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("parent", None)),
                        fields=("partnership", "category"),
                        name="budget_heading_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BusinessCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("code", models.SlugField(max_length=80)),
                ("name", models.CharField(max_length=200)),
                ("asked_on", models.DateField(blank=True, null=True)),
                ("decided_by", models.CharField(blank=True, max_length=200)),
                (
                    "stated_pence",
                    models.BigIntegerField(blank=True, help_text="The sum that the paper prints.", null=True),
                ),
                ("stated_quantum_pence", models.BigIntegerField(blank=True, null=True)),
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
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="business_cases",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.period"
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
                    models.UniqueConstraint(fields=("partnership", "code"), name="business_case_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="business_case_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("code", models.SlugField(max_length=80)),
                ("programme", models.CharField(max_length=120)),
                ("name", models.CharField(max_length=200)),
                ("payer", models.CharField(max_length=120)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, max_length=300)),
                ("terms", models.CharField(blank=True, max_length=600)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="indicators.partnership"
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
                "ordering": ["partnership", "due_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "code"), name="claim_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="claim_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContractYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("covers_from", models.DateField()),
                ("covers_until", models.DateField()),
                ("original_pence", models.BigIntegerField(blank=True, null=True)),
                (
                    "original_quantum_pence",
                    models.BigIntegerField(blank=True, help_text="As printed; empty: exact.", null=True),
                ),
                (
                    "stated_change_pence",
                    models.BigIntegerField(
                        blank=True, help_text="Against the contract before, where only that is stated.", null=True
                    ),
                ),
                (
                    "surplus_share_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Of a surplus, what goes back to the council.",
                        max_digits=5,
                        null=True,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=600)),
                ("paragraph", models.CharField(max_length=300)),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contract_years",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.period"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.sourcedocument"
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "period__start_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "period"), name="contract_year_once"),
                    models.CheckConstraint(
                        condition=models.Q(("covers_until__gt", models.F("covers_from"))),
                        name="contract_year_ends_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("original_pence__isnull", False), ("stated_change_pence__isnull", False), _connector="OR"
                        ),
                        name="contract_year_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("surplus_share_percent__isnull", True),
                            models.Q(("surplus_share_percent__gte", 0), ("surplus_share_percent__lte", 100)),
                            _connector="OR",
                        ),
                        name="contract_share_is_a_share",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FundingProgramme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=80)),
                ("name", models.CharField(max_length=200)),
                ("authority", models.CharField(help_text="Who approved it, and when.", max_length=300)),
                ("note", models.CharField(blank=True, max_length=600)),
                ("paragraph", models.CharField(max_length=300)),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="funding_programmes",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.sourcedocument"
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "code"), name="funding_programme_code_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("code", models.SlugField(max_length=80)),
                ("name", models.CharField(max_length=200)),
                ("body", models.CharField(blank=True, max_length=200)),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "due_precision",
                    models.CharField(
                        blank=True,
                        choices=[("day", "Day"), ("month", "Month"), ("season", "Part of a year"), ("year", "Year")],
                        max_length=6,
                    ),
                ),
                ("due_words", models.CharField(blank=True, max_length=120)),
                ("done_on", models.DateField(blank=True, null=True)),
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
                        related_name="milestones",
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
                "ordering": ["partnership", "due_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "code"), name="milestone_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="milestone_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rung",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "standing",
                    models.CharField(choices=[("in_care", "In care"), ("outside_care", "Outside care")], max_length=12),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("paragraph", models.CharField(max_length=300)),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.category"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        help_text="The rungs that papers count together, such as out of area with parent and child.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.category",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rungs", to="indicators.partnership"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.sourcedocument"
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "order"],
                "constraints": [models.UniqueConstraint(fields=("partnership", "category"), name="rung_once")],
            },
        ),
        migrations.CreateModel(
            name="BusinessCaseLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("code", models.SlugField(max_length=80)),
                ("name", models.CharField(max_length=200)),
                ("asked_pence", models.BigIntegerField()),
                ("quantum_pence", models.BigIntegerField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("reclassified", "Reclassified"),
                        ],
                        max_length=12,
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="finance.businesscase"
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
                "ordering": ["case", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "code"), name="business_case_line_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("asked_pence__gte", 0)), name="business_case_asks_for_money"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="business_case_line_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContractEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("variation", "Variation"),
                            ("payment", "Payment"),
                            ("surplus_share", "Share of a surplus or overspend"),
                            ("receipt", "Other money received"),
                            ("stated_total", "Total as printed"),
                        ],
                        max_length=13,
                    ),
                ),
                ("amount_pence", models.BigIntegerField()),
                ("quantum_pence", models.BigIntegerField(blank=True, help_text="As printed; empty: exact.", null=True)),
                ("is_part_of_original", models.BooleanField(default=False)),
                ("name", models.CharField(max_length=200)),
                ("reason", models.CharField(blank=True, max_length=600)),
                ("funding_source", models.CharField(blank=True, max_length=200)),
                ("authority", models.CharField(blank=True, max_length=300)),
                ("on", models.DateField(blank=True, help_text="Empty where the paper gives no day.", null=True)),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("recorded_at", models.DateTimeField()),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="finance.contractentry",
                    ),
                ),
                (
                    "recorded_by",
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
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="finance.contractyear"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "contract entries",
                "ordering": ["year", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("year", "code"), name="contract_entry_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "variation"), _negated=True),
                            models.Q(("authority", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="variation_has_authority",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("recorded_by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="contract_entry_typed_or_printed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "stated_total"), _negated=True),
                            ("source__isnull", False),
                            _connector="OR",
                        ),
                        name="stated_total_is_printed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("part_of__isnull", True), ("is_part_of_original", False), _connector="OR"),
                        name="contract_entry_part_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantum_pence__isnull", True), ("quantum_pence__gt", 0), _connector="OR"),
                        name="contract_quantum_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FundingItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("letter", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=200)),
                ("payee", models.CharField(blank=True, max_length=120)),
                ("duration", models.CharField(blank=True, max_length=120)),
                ("termination", models.CharField(blank=True, help_text="How it can be ended early.", max_length=300)),
                ("status", models.CharField(blank=True, max_length=120)),
                ("paragraph", models.CharField(max_length=300)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.sourcedocument"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="finance.fundingprogramme"
                    ),
                ),
            ],
            options={
                "ordering": ["programme", "letter"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "letter"), name="funding_item_letter_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Home",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("code", models.SlugField(max_length=80)),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=200)),
                ("beds_min", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("beds_max", models.PositiveSmallIntegerField(blank=True, null=True)),
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
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="homes", to="indicators.partnership"
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
                    "rung",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="homes",
                        to="finance.rung",
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "code"), name="home_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("beds_max__isnull", True),
                            models.Q(("beds_max__gte", models.F("beds_min")), ("beds_min__isnull", False)),
                            _connector="OR",
                        ),
                        name="home_beds_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="home_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Saving",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("code", models.SlugField(max_length=80)),
                ("name", models.CharField(max_length=200)),
                ("owner_role", models.CharField(blank=True, max_length=120)),
                ("risk", models.CharField(blank=True, max_length=300)),
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
                    "head",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="savings",
                        to="finance.budgethead",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="savings", to="indicators.partnership"
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.period"
                    ),
                ),
                (
                    "rung",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="savings",
                        to="finance.rung",
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
                    models.UniqueConstraint(fields=("partnership", "code"), name="saving_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="saving_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContractDecision",
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
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="finance.contractentry"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("is_accepted", True), ("reason__isnull", False), _connector="OR"),
                        name="contract_refusal_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FundingAmount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pence", models.BigIntegerField()),
                ("quantum_pence", models.BigIntegerField(blank=True, null=True)),
                ("paragraph", models.CharField(max_length=300)),
                (
                    "fund",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: a cost.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.category",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: all years.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.period",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.sourcedocument"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: all.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amounts",
                        to="finance.fundingitem",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amounts",
                        to="finance.fundingprogramme",
                    ),
                ),
            ],
            options={
                "ordering": ["programme", "item__letter", "period__start_on"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("item__isnull", False), ("period__isnull", False)),
                        fields=("item", "period"),
                        name="funding_item_once_a_year",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("item__isnull", False), ("period__isnull", True)),
                        fields=("item",),
                        name="funding_item_once_in_all",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("fund__isnull", False), ("period__isnull", False)),
                        fields=("programme", "fund", "period"),
                        name="funding_fund_once_a_year",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("fund__isnull", False), ("period__isnull", True)),
                        fields=("programme", "fund"),
                        name="funding_fund_once_in_all",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("fund__isnull", True), ("item__isnull", True), ("period__isnull", False)),
                        fields=("programme", "period"),
                        name="funding_whole_once_a_year",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("fund__isnull", True), ("item__isnull", True), ("period__isnull", True)),
                        fields=("programme",),
                        name="funding_whole_once_in_all",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("item__isnull", True), ("fund__isnull", True), _connector="OR"),
                        name="fund_pays_the_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HomePlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("stage", models.CharField(max_length=300)),
                ("expected_on", models.DateField(blank=True, null=True)),
                (
                    "expected_precision",
                    models.CharField(
                        blank=True,
                        choices=[("day", "Day"), ("month", "Month"), ("season", "Part of a year"), ("year", "Year")],
                        max_length=6,
                    ),
                ),
                ("expected_words", models.CharField(blank=True, max_length=120)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("known_on", models.DateField()),
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
                    "home",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="finance.home"
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
                "ordering": ["home", "known_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("expected_on__isnull", True), ("expected_precision", "")),
                            models.Q(
                                ("expected_on__isnull", False), models.Q(("expected_precision", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="home_plan_says_how_exactly",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("source__isnull", False), _connector="OR"),
                        name="home_plan_typed_or_printed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=40)),
                ("words", models.CharField(blank=True, max_length=600)),
                ("on", models.DateField(help_text="The day that it happened.")),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="finance.businesscase",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="finance.claim",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="finance.fundingitem",
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="finance.milestone",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="register_steps",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "saving",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="finance.saving",
                    ),
                ),
            ],
            options={
                "ordering": ["on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("case__isnull", True),
                                ("claim__isnull", True),
                                ("item__isnull", True),
                                ("milestone__isnull", True),
                                ("saving__isnull", False),
                            ),
                            models.Q(
                                ("case__isnull", False),
                                ("claim__isnull", True),
                                ("item__isnull", True),
                                ("milestone__isnull", True),
                                ("saving__isnull", True),
                            ),
                            models.Q(
                                ("case__isnull", True),
                                ("claim__isnull", False),
                                ("item__isnull", True),
                                ("milestone__isnull", True),
                                ("saving__isnull", True),
                            ),
                            models.Q(
                                ("case__isnull", True),
                                ("claim__isnull", True),
                                ("item__isnull", True),
                                ("milestone__isnull", False),
                                ("saving__isnull", True),
                            ),
                            models.Q(
                                ("case__isnull", True),
                                ("claim__isnull", True),
                                ("item__isnull", False),
                                ("milestone__isnull", True),
                                ("saving__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="register_step_of_one",
                    )
                ],
            },
        ),
        migrations.RunPython(protect, unprotect),
    ]
