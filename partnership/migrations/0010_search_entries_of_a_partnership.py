"""What is found has an entry in each partnership that holds it: an indicator is shared between them."""

from django.db import migrations, models

# SQLite makes the table anew to alter it, and loses the triggers that keep the full-text table beside it.
_TRIGGERS = (
    "CREATE TRIGGER searchwords_insert AFTER INSERT ON partnership_searchentry BEGIN "
    "INSERT INTO partnership_searchwords(rowid, words) VALUES (NEW.id, NEW.words); END",
    "CREATE TRIGGER searchwords_update AFTER UPDATE ON partnership_searchentry BEGIN "
    "UPDATE partnership_searchwords SET words = NEW.words WHERE rowid = OLD.id; END",
    "CREATE TRIGGER searchwords_delete AFTER DELETE ON partnership_searchentry BEGIN "
    "DELETE FROM partnership_searchwords WHERE rowid = OLD.id; END",
)


def keep_words(apps, schema_editor):
    for statement in _TRIGGERS if schema_editor.connection.vendor == "sqlite" else ():
        schema_editor.execute(statement)


def forget(apps, schema_editor):
    """Entries of two partnerships for one thing cannot go back; every search makes what is missing."""
    apps.get_model("partnership", "SearchEntry").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0009_owners_in_action_steps_and_reminders"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, keep_words),
        migrations.RemoveConstraint(model_name="searchentry", name="search_entry_unique"),
        migrations.AddConstraint(
            model_name="searchentry",
            constraint=models.UniqueConstraint(fields=("partnership", "kind", "object_id"), name="search_entry_unique"),
        ),
        migrations.RunPython(keep_words, forget),
    ]
