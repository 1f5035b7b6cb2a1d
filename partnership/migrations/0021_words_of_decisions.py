"""Says in plainer words what a reviewer decides of a passage; nothing changes in the database."""

from django.db import migrations, models

from indicators import triggers


def reinstall(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("partnership", "0020_regions")]

    operations = [
        migrations.AlterField(
            "packevent",
            "is_held",
            models.BooleanField(
                default=False,
                help_text="Of a withdrawal: everybody reads the reason only once a reviewer has said that it "
                "identifies nobody.",
            ),
        ),
        migrations.AlterField(
            "passagedecision",
            "decision",
            models.CharField(
                choices=[
                    ("publish", "It identifies nobody: publish it"),
                    ("leave_out", "Leave the whole text out of this pack"),
                ],
                max_length=9,
            ),
        ),
        migrations.RunPython(reinstall, migrations.RunPython.noop),
    ]
