"""The record says when money that is no figure was entered and decided on."""

from django.db import migrations, models

from indicators import triggers


def reinstall(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0008_money_scorecards"),
    ]

    operations = [
        migrations.AlterField(
            model_name="auditevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("signed_in", "Signed in"),
                    ("sign_in_failed", "Sign-in failed"),
                    ("signed_out", "Signed out"),
                    ("person_added", "Person added"),
                    ("role_granted", "Role granted"),
                    ("role_ended", "Role ended"),
                    ("gate_named", "Lead or deputy named"),
                    ("exported_unpublished", "Unpublished data downloaded"),
                    ("round_locked", "Round locked"),
                    ("round_reopened", "Round reopened"),
                    ("lock_exception", "Exception to a lock given"),
                    ("target_changed", "Target changed"),
                    ("relief_agreed", "Relief agreed"),
                    ("relief_ended", "Relief ended"),
                    ("pack_published", "Pack published"),
                    ("pack_withdrawn", "Pack withdrawn"),
                    ("money_recorded", "Money recorded"),
                    ("money_decided", "Money decided"),
                    ("redacted", "Redacted for cause"),
                ],
                max_length=22,
            ),
        ),
        migrations.RunPython(reinstall, migrations.RunPython.noop),
    ]
