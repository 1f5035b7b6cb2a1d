"""A pack can carry the result of a projection or scenario as a published table."""

from django.db import migrations, models

from indicators import triggers


def protect(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0010_commentary_from_an_amount"),
    ]

    operations = [
        migrations.AlterField(
            model_name="publishedtable",
            name="kind",
            field=models.CharField(
                choices=[
                    ("scorecard", "Scorecard"),
                    ("restated", "Figures restated since they were reported"),
                    ("projection", "Result of a projection or scenario"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(protect, protect),
    ]
