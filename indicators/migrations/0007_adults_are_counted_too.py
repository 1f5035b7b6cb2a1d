"""What one unit of a numerator may be: adults too, such as women in a programme."""

from django.db import migrations, models

from indicators import triggers


def protect(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0006_breakdowns_balances_and_readers")]

    operations = [
        migrations.AlterField(
            model_name="indicatorversion",
            name="counts",
            field=models.CharField(
                choices=[
                    ("children", "Children"),
                    ("families", "Families"),
                    ("adults", "Adults"),
                    ("staff", "Staff"),
                    ("places", "Places"),
                    ("events", "Events"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(protect, migrations.RunPython.noop),
    ]
