"""A check whose answer is unknown lets a row through, so the denominator must be asked for by name."""

from django.db import migrations, models

from indicators import triggers


def reinstall(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_protect_what_is_recorded")]

    operations = [
        migrations.RemoveConstraint(model_name="figure", name="figure_derived_from_parts"),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("basis", "derived"), _negated=True),
                    models.Q(
                        ("denominator__gt", 0),
                        ("denominator__isnull", False),
                        ("numerator__isnull", False),
                        ("stated_met__isnull", True),
                        ("value__isnull", True),
                        ("missing_reason", ""),
                    ),
                    _connector="OR",
                ),
                name="figure_derived_from_parts",
            ),
        ),
        migrations.RunPython(reinstall, reinstall),
    ]
