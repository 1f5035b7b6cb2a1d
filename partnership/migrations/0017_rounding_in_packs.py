"""That a pack for everybody may round its counts in place of hiding small numbers."""

from django.db import migrations, models

from indicators import triggers


def remove(apps, schema_editor):
    """SQLite alters a table by making it anew, which triggers that read it refuse."""
    triggers.remove(schema_editor.connection)


def reinstall(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("partnership", "0016_decisions_on_passages_of_papers")]

    operations = [
        migrations.RunPython(remove, reinstall),
        migrations.AddField(
            model_name="pack",
            name="small_numbers",
            field=models.CharField(
                choices=[
                    ("hide", "Hide small numbers, and others that would tell them"),
                    ("round", "Round all counts of people"),
                ],
                default="hide",
                help_text="How a pack for everybody protects small numbers.",
                max_length=5,
            ),
        ),
        migrations.RunPython(reinstall, remove),
    ]
