"""What people follow of scorecards, the alerts raised, what was last seen, and the digests sent."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0014_benchmarks"),
        ("partnership", "0011_graded_is_what_has_a_judgement"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rating", "Rating changed"),
                            ("cause", "Special cause"),
                            ("assurance", "Assurance lost"),
                            ("overdue", "Not reportable, overdue"),
                        ],
                        max_length=9,
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=30)),
                ("after", models.CharField(max_length=30)),
                (
                    "because",
                    models.CharField(
                        choices=[("new", "new"), ("restated", "restated"), ("otherwise", "otherwise")], max_length=9
                    ),
                ),
                ("cause", models.CharField(blank=True, help_text="What the control chart found.", max_length=30)),
                ("expected_on", models.DateField(blank=True, null=True)),
                ("raised_at", models.DateTimeField()),
                (
                    "against",
                    models.ForeignKey(
                        blank=True,
                        help_text="The period it is compared with; empty: what was told of the same one.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.period",
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
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="indicators.scorecardline",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="indicators.partnership"
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
                "ordering": ["-raised_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="AlertRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("read_at", models.DateTimeField()),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reads", to="partnership.alert"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alert_reads",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["alert", "user"],
            },
        ),
        migrations.CreateModel(
            name="AlertState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rating", models.CharField(blank=True, help_text="Empty: it is held against nothing.", max_length=10)),
                (
                    "variation",
                    models.CharField(help_text="Null: not worked out; empty: no chart.", max_length=30, null=True),
                ),
                ("assurance", models.CharField(max_length=20, null=True)),
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
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alert_states",
                        to="indicators.scorecardline",
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
                "ordering": ["line", "period"],
            },
        ),
        migrations.CreateModel(
            name="AlertSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kinds",
                    models.CharField(blank=True, help_text="Codes of kinds, separated by spaces.", max_length=60),
                ),
                ("in_app", models.BooleanField()),
                (
                    "digest",
                    models.CharField(
                        choices=[
                            ("never", "Never"),
                            ("daily", "At most once a day"),
                            ("weekly", "At most once a week"),
                        ],
                        default="never",
                        max_length=6,
                    ),
                ),
                ("chosen_at", models.DateTimeField()),
                (
                    "mail_from",
                    models.DateTimeField(blank=True, help_text="Alerts raised since then go out by e-mail.", null=True),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alert_subscriptions",
                        to="indicators.scorecard",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alert_subscriptions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["user", "scorecard"],
            },
        ),
        migrations.CreateModel(
            name="DigestSent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("is_weekly", models.BooleanField(default=False, help_text="It held what is asked for once a week.")),
                ("alerts", models.ManyToManyField(related_name="digests", to="partnership.alert")),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.partnership"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="digests", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["partnership", "-raised_at"], name="alert_by_partnership_time"),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("because", "new"), ("kind", "rating")),
                fields=("line", "period"),
                name="alert_rating_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("because", "new"), ("kind", "cause")),
                fields=("line", "period"),
                name="alert_cause_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("because", "new"), ("kind", "assurance")),
                fields=("line", "period"),
                name="alert_assurance_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "overdue")),
                fields=("line", "period", "expected_on"),
                name="alert_overdue_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="alertread",
            constraint=models.UniqueConstraint(fields=("alert", "user"), name="alert_read_once"),
        ),
        migrations.AddConstraint(
            model_name="alertstate",
            constraint=models.UniqueConstraint(fields=("line", "period"), name="alert_state_unique"),
        ),
        migrations.AddConstraint(
            model_name="alertsubscription",
            constraint=models.UniqueConstraint(fields=("user", "scorecard"), name="alert_subscription_unique"),
        ),
        migrations.AddConstraint(
            model_name="alertsubscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("digest", "never"), ("mail_from__isnull", True)),
                    models.Q(models.Q(("digest", "never"), _negated=True), ("mail_from__isnull", False)),
                    _connector="OR",
                ),
                name="alert_subscription_mails_from_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="digestsent",
            constraint=models.UniqueConstraint(fields=("partnership", "user", "on"), name="digest_sent_once_a_day"),
        ),
    ]
