"""That everybody reads why a pack was withdrawn only once nothing in it could tell of somebody."""

from django.db import migrations, models

from indicators import triggers

_ACTIONS = [
    ("created", "Begun"),
    ("accepted", "Protection of small numbers accepted"),
    ("published", "Published"),
    ("withdrawn", "Withdrawn"),
    ("superseded", "Replaced by a later pack"),
    ("reinstated", "In force again"),
    ("redacted", "Redacted for cause"),
    ("told", "Reason for the withdrawal may be read by everybody"),
]


def remove(apps, schema_editor):
    """SQLite alters a table by making it anew, which triggers that read it refuse."""
    triggers.remove(schema_editor.connection)


def reinstall(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("partnership", "0018_rows_left_out_of_packs")]

    operations = [
        migrations.RunPython(remove, reinstall),
        migrations.AlterField("packevent", "action", models.CharField(choices=_ACTIONS, max_length=10)),
        migrations.AddField(
            "packevent",
            "is_held",
            models.BooleanField(
                default=False,
                help_text="Of a withdrawal: everybody reads the reason only once a reviewer has said that it tells of "
                "nobody.",
            ),
        ),
        migrations.AddConstraint(
            "packevent",
            models.CheckConstraint(
                condition=models.Q(is_held=False) | models.Q(action="withdrawn", is_breach=False),
                name="pack_event_held_is_of_a_withdrawal",
            ),
        ),
        migrations.RunPython(reinstall, remove),
    ]
