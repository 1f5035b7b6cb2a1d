"""What is typed for a register waits as a draft for another person; what stands there is protected by the database."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from indicators import triggers

ON_REGISTERS = (
    "businesscase", "businesscaseline", "claim", "fundingamount", "fundingitem", "fundingprogramme", "home", "homeplan",
    "milestone", "registerstep", "saving",
)  # fmt: skip


def protect(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


def refers_to(model, **more):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=model, **{"related_name": "+"} | more)


class Migration(migrations.Migration):
    dependencies = [
        ("finance", "0004_ssda903"),
        ("indicators", "0012_sums_of_figures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions("homeplan", {"ordering": ["home", "known_on", "at", "pk"]}),
        migrations.AlterModelOptions("registerstep", {"ordering": ["on", "at", "pk"]}),
        migrations.CreateModel(
            "RegisterDraft",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="Counted within the partnership.")),
                ("register", models.SlugField(max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("entry", "New entry"),
                            ("plan", "What is known of a home"),
                            ("line", "Line of a business case"),
                            ("item", "Item of a programme"),
                            ("fund", "Source of funding"),
                            ("step", "What happened"),
                        ],
                        max_length=5,
                    ),
                ),
                ("entry", models.SlugField(blank=True, max_length=80)),
                ("item", models.SlugField(blank=True, max_length=10)),
                ("name", models.CharField(max_length=520)),
                ("typed", models.JSONField()),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("by", refers_to(settings.AUTH_USER_MODEL)),
                ("partnership", refers_to("indicators.partnership", related_name="register_drafts")),
            ],
            {
                "ordering": ["partnership", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=["partnership", "number"], name="register_draft_number_unique"),
                    models.CheckConstraint(
                        condition=Q(kind="entry", entry="", item="") | (~Q(kind="entry") & ~Q(entry="")),
                        name="register_draft_of_an_entry",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "RegisterDecision",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("accepted", "Accepted"), ("refused", "Refused"), ("withdrawn", "Withdrawn")],
                        max_length=9,
                    ),
                ),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("by", refers_to(settings.AUTH_USER_MODEL)),
                (
                    "draft",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="finance.registerdraft"
                    ),
                ),
                ("reason", refers_to("indicators.text", blank=True, null=True)),
            ],
            {
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(outcome="refused") | Q(reason__isnull=False), name="register_refusal_says_why"
                    )
                ],
            },
        ),
        *(
            migrations.AddField(model, "draft", refers_to("finance.registerdraft", blank=True, null=True))
            for model in ON_REGISTERS
        ),
        migrations.RunPython(protect, protect),
    ]
