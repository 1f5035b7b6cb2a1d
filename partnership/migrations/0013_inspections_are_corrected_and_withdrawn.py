"""An inspection that was typed is corrected or withdrawn with a reason, and names where its report can be read."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0012_alerts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="inspection",
            name="replaced_by",
            field=models.OneToOneField(
                blank=True,
                help_text="The one that corrects it; empty: it was withdrawn.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaces",
                to="partnership.inspection",
            ),
        ),
        migrations.AddField(
            model_name="inspection",
            name="report",
            field=models.CharField(blank=True, max_length=300, verbose_name="address of the report"),
        ),
        migrations.AddField(
            model_name="inspection",
            name="withdrawn_actor",
            field=models.CharField(blank=True, max_length=160),
        ),
        migrations.AddField(
            model_name="inspection",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="inspection",
            name="withdrawn_on",
            field=models.DateField(blank=True, help_text="The day it was withdrawn or corrected.", null=True),
        ),
        migrations.AddField(
            model_name="inspection",
            name="withdrawn_reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replaced_by__isnull", True), ("withdrawn_on__isnull", True), ("withdrawn_reason", "")),
                    models.Q(
                        ("withdrawn_by__isnull", False),
                        ("withdrawn_on__isnull", False),
                        models.Q(("withdrawn_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="inspection_withdrawn_says_why_and_by_whom",
            ),
        ),
    ]
