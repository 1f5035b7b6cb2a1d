"""Keeps everybody who has changed a cell of a return, filled from what is recorded so far; and moved due dates."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def fill(apps, schema_editor):
    Return = apps.get_model("indicators", "Return")
    for row in Return.objects.all():
        people = set(row.figures.filter(recorded_by__isnull=False).values_list("recorded_by", flat=True))
        people |= set(row.cells.values_list("updated_by", flat=True))
        people |= set(row.transitions.filter(action="submitted").values_list("by", flat=True))
        row.contributors.add(*people)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_protect_what_is_recorded")]
    operations = [
        migrations.AddField(
            model_name="return",
            name="contributors",
            field=models.ManyToManyField(
                blank=True,
                help_text="Everybody who has changed a cell of it; none of them decides on it.",
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="DueDateChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.DateField(blank=True, help_text="Empty: no due date was set.", null=True)),
                ("after", models.DateField()),
                ("reason", models.CharField(max_length=300)),
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
                        related_name="due_date_changes",
                        to="indicators.reportinground",
                    ),
                ),
            ],
            options={
                "ordering": ["round", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="due_date_change_says_why"
                    )
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
