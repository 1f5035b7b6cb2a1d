"""What trust rests on: published tables, relief, deadlines, exceptions, data issues, audit, redaction."""

from zoneinfo import ZoneInfo

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from indicators import triggers


def fill(apps, schema_editor):
    """A target from a paper is known since the paper's date, any other since it was recorded."""
    triggers.remove(schema_editor.connection)
    for row in apps.get_model("indicators", "Target").objects.select_related("source"):
        recorded = row.recorded_at.astimezone(ZoneInfo("Europe/London")).date()
        row.known_on = (row.source.published_on if row.source else None) or recorded
        row.save(update_fields=["known_on"])


def protect(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


def unprotect(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0003_return_contributors"),
    ]

    operations = [
        migrations.AddField(
            model_name="return",
            name="answers",
            field=models.ManyToManyField(
                blank=True,
                help_text="The open queries that it answers.",
                related_name="+",
                to="indicators.figurequery",
            ),
        ),
        migrations.AddField(
            model_name="return",
            name="correction",
            field=models.CharField(
                blank=True,
                choices=[
                    ("late_records", "Records came in late"),
                    ("recording", "Records were wrong and have been put right"),
                    ("validation", "Provisional data have been validated"),
                    ("calculation", "It was worked out wrongly"),
                    ("definition", "The definition was not followed"),
                    ("transcription", "It was copied wrongly"),
                    ("other", "Another reason, given in words"),
                    (
                        "demonstration",
                        "Demonstration: worked out by this project from the report’s own numbers, not made by the council or the Trust",
                    ),
                ],
                help_text="Why a restatement was needed.",
                max_length=13,
            ),
        ),
        migrations.AddField(
            model_name="target",
            name="known_on",
            field=models.DateField(
                null=True, help_text="The London date it was recorded on, or the date of the published paper."
            ),
        ),
        migrations.AddField(
            model_name="target",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="target",
            name="known_on",
            field=models.DateField(help_text="The London date it was recorded on, or the date of the published paper."),
        ),
        migrations.AlterField(
            model_name="target",
            name="actor",
            field=models.CharField(max_length=160),
        ),
        migrations.CreateModel(
            name="PublishedTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("scorecard", "Scorecard"), ("restated", "Figures restated since they were reported")],
                        max_length=10,
                    ),
                ),
                ("label", models.CharField(max_length=200)),
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
                ("format_version", models.PositiveSmallIntegerField()),
                ("header", models.JSONField(help_text="Names of the columns, in order.")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="published_tables",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.period",
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.scorecard",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PublishedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "key",
                    models.CharField(help_text="Partnership, indicator, slice, period and revision.", max_length=200),
                ),
                ("cells", models.JSONField(help_text="The cells of the CSV, in order, as text.")),
                (
                    "facts",
                    models.JSONField(help_text="What the row rests on besides revisions, definition and target."),
                ),
                (
                    "figure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="published_rows",
                        to="indicators.figure",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.scorecardline",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.target",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.indicatorversion",
                    ),
                ),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="indicators.publishedtable"
                    ),
                ),
            ],
            options={
                "ordering": ["table", "order"],
            },
        ),
        migrations.CreateModel(
            name="PublishedFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "figure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pins", to="indicators.figure"
                    ),
                ),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pins", to="indicators.publishedtable"
                    ),
                ),
            ],
            options={
                "ordering": ["table", "figure"],
            },
        ),
        migrations.CreateModel(
            name="Redaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cause",
                    models.CharField(
                        choices=[("personal_data", "personal data"), ("disclosure", "it discloses who a person is")],
                        max_length=13,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("reference", models.CharField(help_text="The data protection officer's reference.", max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "what",
                    models.CharField(
                        help_text="Natural key of the figure or text, never what it said.", max_length=300
                    ),
                ),
                ("former_sha256", models.CharField(max_length=64)),
                (
                    "tables",
                    models.JSONField(
                        default=list, help_text="Published tables it touched: id, former and new SHA-256."
                    ),
                ),
                (
                    "first_person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redactions",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "second_person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="figure",
            name="redaction",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="figures",
                to="indicators.redaction",
            ),
        ),
        migrations.CreateModel(
            name="Relief",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("ends_on", models.DateField(help_text="The last day on which the relief is shown.")),
                (
                    "authority",
                    models.CharField(help_text="The decision, and the meeting that took it.", max_length=300),
                ),
                ("approved_by", models.CharField(help_text="The role that approved it.", max_length=160)),
                ("reason", models.CharField(max_length=300)),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("recorded_at", models.DateTimeField()),
                ("known_on", models.DateField()),
                (
                    "from_period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.period"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reliefs",
                        to="indicators.scorecardline",
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
                    "until_period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.period"
                    ),
                ),
            ],
            options={
                "ordering": ["line", "number"],
            },
        ),
        migrations.CreateModel(
            name="ReliefEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(help_text="The first day on which it no longer holds.")),
                ("reason", models.CharField(max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "relief",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="end", to="indicators.relief"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReminderSent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "in_return",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="indicators.return"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="StatedSummary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("targets", models.PositiveSmallIntegerField()),
                ("suspended", models.PositiveSmallIntegerField()),
                ("annual", models.PositiveSmallIntegerField()),
                ("better", models.PositiveSmallIntegerField()),
                ("within", models.PositiveSmallIntegerField()),
                ("outside", models.PositiveSmallIntegerField()),
                ("note", models.CharField(blank=True, max_length=300)),
                ("paragraph", models.CharField(max_length=300)),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.period"
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stated_summaries",
                        to="indicators.scorecard",
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
                "verbose_name_plural": "stated summaries",
                "ordering": ["scorecard", "period"],
            },
        ),
        migrations.CreateModel(
            name="StatutoryReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=60)),
                ("name", models.CharField(max_length=160)),
                ("asked_by", models.CharField(blank=True, max_length=160)),
                (
                    "covers",
                    models.CharField(
                        blank=True, help_text="What it covers, such as a collection year.", max_length=160
                    ),
                ),
                ("opens_on", models.DateField(blank=True, null=True)),
                ("closes_on", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("open", "Open"),
                            ("submitted", "Submitted"),
                            ("closed", "Closed"),
                            ("not_stated", "Not stated"),
                        ],
                        default="not_stated",
                        max_length=10,
                    ),
                ),
                ("owner_role", models.CharField(blank=True, max_length=120)),
                ("note", models.CharField(blank=True, max_length=400)),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statutory_returns",
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
                "ordering": ["partnership", "name"],
            },
        ),
        migrations.CreateModel(
            name="DataIssue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=60)),
                ("title", models.CharField(max_length=160)),
                ("description", models.CharField(blank=True, max_length=600)),
                ("found_on", models.DateField(blank=True, null=True)),
                ("expected_on", models.DateField(blank=True, help_text="When it should be cleared.", null=True)),
                ("cleared_on", models.DateField(blank=True, null=True)),
                ("how_cleared", models.CharField(blank=True, max_length=300)),
                ("owner_role", models.CharField(blank=True, max_length=120)),
                ("version", models.PositiveIntegerField(default=1)),
                ("paragraph", models.CharField(blank=True, max_length=300)),
                (
                    "indicators",
                    models.ManyToManyField(blank=True, related_name="data_issues", to="indicators.indicator"),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_issues",
                        to="indicators.partner",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_issues",
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
                    "statutory_return",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issues",
                        to="indicators.statutoryreturn",
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "expected_on", "code"],
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
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
                            ("redacted", "Redacted for cause"),
                        ],
                        max_length=22,
                    ),
                ),
                ("actor", models.CharField(blank=True, max_length=160)),
                (
                    "what",
                    models.CharField(help_text="The thing it was done to, never a figure's value.", max_length=300),
                ),
                ("at", models.DateTimeField()),
                ("request_id", models.CharField(blank=True, max_length=40)),
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audit_events",
                        to="indicators.partnership",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["partnership", "-at"], name="audit_by_partnership_time")],
            },
        ),
        migrations.CreateModel(
            name="DeadlineRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("working_days", models.PositiveSmallIntegerField()),
                ("authority", models.CharField(max_length=300)),
                ("from_on", models.DateField(verbose_name="from")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadline_rules",
                        to="indicators.scorecard",
                    ),
                ),
            ],
            options={
                "ordering": ["scorecard", "from_on"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_on__isnull", True)),
                        fields=("scorecard",),
                        name="deadline_rule_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="deadline_rule_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LockException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField(verbose_name="from")),
                ("until_on", models.DateField(help_text="The last day, included.", verbose_name="until")),
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
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exceptions",
                        to="indicators.reportinground",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lock_exceptions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["round", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_on__gte", models.F("from_on"))),
                        name="lock_exception_ends_after_start",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="publishedtable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "scorecard"), _negated=True),
                    models.Q(("period__isnull", False), ("scorecard__isnull", False)),
                    _connector="OR",
                ),
                name="published_scorecard_names_its_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="publishedrow",
            constraint=models.UniqueConstraint(fields=("table", "order"), name="published_row_order_unique"),
        ),
        migrations.AddConstraint(
            model_name="publishedfigure",
            constraint=models.UniqueConstraint(fields=("table", "figure"), name="published_figure_unique"),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_person", models.F("second_person")), _negated=True),
                name="redaction_by_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("reason", ""), _negated=True), models.Q(("reference", ""), _negated=True)),
                name="redaction_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="relief",
            constraint=models.UniqueConstraint(fields=("line", "number"), name="relief_number_unique"),
        ),
        migrations.AddConstraint(
            model_name="relief",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("known_on"))), name="relief_ends_after_it_is_recorded"
            ),
        ),
        migrations.AddConstraint(
            model_name="remindersent",
            constraint=models.UniqueConstraint(fields=("in_return", "user", "kind", "on"), name="reminder_once_a_day"),
        ),
        migrations.AddConstraint(
            model_name="statedsummary",
            constraint=models.UniqueConstraint(fields=("scorecard", "period", "source"), name="stated_summary_unique"),
        ),
        migrations.AddConstraint(
            model_name="statedsummary",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "targets",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("suspended"), "+", models.F("annual")
                                    ),
                                    "+",
                                    models.F("better"),
                                ),
                                "+",
                                models.F("within"),
                            ),
                            "+",
                            models.F("outside"),
                        ),
                    )
                ),
                name="stated_summary_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="statutoryreturn",
            constraint=models.UniqueConstraint(fields=("partnership", "code"), name="statutory_return_code_unique"),
        ),
        migrations.AddConstraint(
            model_name="statutoryreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_on__isnull", True),
                    ("closes_on__isnull", True),
                    ("closes_on__gte", models.F("opens_on")),
                    _connector="OR",
                ),
                name="statutory_return_closes_after_it_opens",
            ),
        ),
        migrations.AddConstraint(
            model_name="dataissue",
            constraint=models.UniqueConstraint(fields=("partnership", "code"), name="data_issue_code_unique"),
        ),
        migrations.AddConstraint(
            model_name="dataissue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cleared_on__isnull", True),
                    models.Q(
                        models.Q(("how_cleared", ""), _negated=True),
                        models.Q(
                            ("found_on__isnull", True), ("cleared_on__gte", models.F("found_on")), _connector="OR"
                        ),
                    ),
                    _connector="OR",
                ),
                name="data_issue_cleared_says_how",
            ),
        ),
        migrations.RunPython(protect, unprotect),
    ]
