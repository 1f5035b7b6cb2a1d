"""What people record of bodies, in sentences, each with a number so that two tabs do not overtake each other."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from indicators import triggers


def protect(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0007_plan_actions_can_end_and_reports_have_a_plan"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BodyStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("what", models.CharField(max_length=600)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="partnership.body"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["body", "number"],
                "constraints": [models.UniqueConstraint(fields=("body", "number"), name="body_step_number_unique")],
            },
        ),
        migrations.RunPython(protect, protect),
    ]
