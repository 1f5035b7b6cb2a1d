"""The words that a search looks in: a full-text index on PostgreSQL, a full-text table kept by triggers on SQLite."""

import django.db.models.deletion
from django.db import migrations, models

_POSTGRESQL = (
    "CREATE INDEX partnership_searchentry_words ON partnership_searchentry "
    "USING gin (array_to_tsvector(string_to_array(words, ' ')))",
)
_SQLITE = (
    "CREATE VIRTUAL TABLE partnership_searchwords USING fts5(words, tokenize = 'ascii', prefix = '2 3')",
    "CREATE TRIGGER searchwords_insert AFTER INSERT ON partnership_searchentry BEGIN "
    "INSERT INTO partnership_searchwords(rowid, words) VALUES (NEW.id, NEW.words); END",
    "CREATE TRIGGER searchwords_update AFTER UPDATE ON partnership_searchentry BEGIN "
    "UPDATE partnership_searchwords SET words = NEW.words WHERE rowid = OLD.id; END",
    "CREATE TRIGGER searchwords_delete AFTER DELETE ON partnership_searchentry BEGIN "
    "DELETE FROM partnership_searchwords WHERE rowid = OLD.id; END",
)
_GONE = {
    "postgresql": ("DROP INDEX partnership_searchentry_words",),
    "sqlite": (
        "DROP TRIGGER searchwords_insert",
        "DROP TRIGGER searchwords_update",
        "DROP TRIGGER searchwords_delete",
        "DROP TABLE partnership_searchwords",
    ),
}


def index(apps, schema_editor):
    for statement in _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _SQLITE:
        schema_editor.execute(statement)


def unindex(apps, schema_editor):
    for statement in _GONE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0012_sums_of_figures"),
        ("partnership", "0004_governance"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("indicator", "Indicators"),
                            ("commentary", "Commentary"),
                            ("body", "Bodies"),
                            ("item", "Agenda items"),
                            ("paper", "Papers"),
                            ("minute", "Minutes"),
                            ("statement", "Public statements"),
                            ("question", "Members' questions"),
                            ("resolution", "Resolutions"),
                            ("action", "Actions"),
                        ],
                        max_length=10,
                    ),
                ),
                ("object_id", models.BigIntegerField()),
                ("raw", models.TextField(blank=True, help_text="What was indexed; empty where a text is named.")),
                ("words", models.TextField()),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entries",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="indicators.text",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "search entries",
                "ordering": ["kind", "-object_id"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "object_id"), name="search_entry_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("text__isnull", True), ("raw", ""), _connector="OR"),
                        name="search_entry_text_or_raw",
                    ),
                ],
            },
        ),
        migrations.RunPython(index, unindex),
    ]
