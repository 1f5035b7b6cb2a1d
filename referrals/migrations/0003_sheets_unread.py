"""How many sheets of an Annex A file were no list; empty for files that were read before this was kept."""

from django.db import migrations, models

from indicators import triggers


def protect(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_annex_a")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, protect),
        migrations.AddField(
            model_name="annexaload",
            name="sheets_unread",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Sheets or files that were no list. Empty: not kept when the file was read.",
                null=True,
            ),
        ),
        migrations.RunPython(protect, migrations.RunPython.noop),
    ]
