"""A pack whose replacement was withdrawn can be replaced again, by one at a time."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Count

from indicators import triggers


def remove(apps, schema_editor):
    """SQLite alters a table by making it anew, which triggers that read it refuse."""
    triggers.remove(schema_editor.connection)


def reinstall(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


def refuse(apps, schema_editor):
    """On the way back: what names the same pack twice is published and cannot be changed."""
    packs = apps.get_model("partnership", "Pack").objects.exclude(supersedes=None)
    twice = packs.values("supersedes").annotate(times=Count("pk")).filter(times__gt=1).count()
    if twice:
        raise RuntimeError(
            f"{twice} pack(s) were replaced more than once, which the release before cannot hold. To go back, restore "
            "the backup that was made before the upgrade."
        )


class Migration(migrations.Migration):
    dependencies = [("partnership", "0021_words_of_decisions")]

    operations = [
        migrations.RunPython(remove, reinstall),
        migrations.AddField(
            model_name="pack",
            name="turn",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="Counts the packs that were to replace the same one: those before it were withdrawn.",
            ),
        ),
        migrations.AlterField(
            model_name="pack",
            name="supersedes",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replacements",
                to="partnership.pack",
            ),
        ),
        migrations.AddConstraint(
            model_name="pack",
            constraint=models.UniqueConstraint(fields=("supersedes", "turn"), name="pack_replaced_by_one_a_turn"),
        ),
        migrations.RunPython(reinstall, remove),
        migrations.RunPython(migrations.RunPython.noop, refuse),
    ]
