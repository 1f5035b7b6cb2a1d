"""Packs and committee papers as documents: the form of papers, what is written and signed, what is issued."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from indicators import triggers


def remove(apps, schema_editor):
    """SQLite alters a table by making it anew, which triggers that read it refuse."""
    triggers.remove(schema_editor.connection)


def reinstall(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0016_disclosure_policy"),
        ("partnership", "0014_protection_of_small_numbers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(remove, reinstall),
        migrations.CreateModel(
            name="CommitteePaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=160)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["pack", "number"],
            },
        ),
        migrations.CreateModel(
            name="PackDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form", models.CharField(choices=[("docx", "Word"), ("pdf", "PDF")], max_length=4)),
                (
                    "edition",
                    models.PositiveSmallIntegerField(
                        help_text="1, and one more after each redaction of the one before."
                    ),
                ),
            ],
            options={
                "ordering": ["pack", "form", "edition"],
            },
        ),
        migrations.CreateModel(
            name="PaperIssue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "rests_on",
                    models.JSONField(help_text="Fingerprint of the pack; the wordings and signatures, by section."),
                ),
            ],
            options={
                "ordering": ["paper", "number"],
            },
        ),
        migrations.CreateModel(
            name="PaperSection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("revision", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["paper", "section", "revision"],
            },
        ),
        migrations.CreateModel(
            name="PaperSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("initials", models.CharField(max_length=8)),
                ("role", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["wording", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PaperTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("version", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["partnership", "version"],
            },
        ),
        migrations.CreateModel(
            name="TemplateSection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                ("code", models.SlugField(max_length=40)),
                ("heading", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("fact", "A line at the head of the paper"),
                            ("text", "Text"),
                            ("figures", "Text, then figures of the pack"),
                            ("implications", "Implications, signed by their owner"),
                        ],
                        max_length=12,
                    ),
                ),
                ("owner_role", models.CharField(blank=True, help_text="Who signs implications.", max_length=120)),
            ],
            options={
                "ordering": ["template", "order"],
            },
        ),
        migrations.AddField(
            model_name="pack",
            name="exempt_paragraphs",
            field=models.CharField(
                blank=True, help_text="Of Part 1 of Schedule 12A, for a pack that is exempt: 1,3.", max_length=13
            ),
        ),
        migrations.AddField(
            model_name="storeddocument",
            name="redaction",
            field=models.ForeignKey(
                blank=True,
                help_text="What it held was removed for cause; its SHA-256 stays.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="indicators.redaction",
            ),
        ),
        migrations.AddConstraint(
            model_name="pack",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience", "exempt"), ("exempt_paragraphs", ""), _connector="OR"),
                name="pack_exempt_paragraphs_of_exempt_ones",
            ),
        ),
        migrations.AddField(
            model_name="committeepaper",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="committeepaper",
            name="pack",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="committee_papers", to="partnership.pack"
            ),
        ),
        migrations.AddField(
            model_name="packdocument",
            name="document",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="of_pack", to="partnership.storeddocument"
            ),
        ),
        migrations.AddField(
            model_name="packdocument",
            name="pack",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="partnership.pack"
            ),
        ),
        migrations.AddField(
            model_name="paperissue",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="paperissue",
            name="paper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="issues", to="partnership.committeepaper"
            ),
        ),
        migrations.AddField(
            model_name="paperissue",
            name="pdf",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pdf_of_issue",
                to="partnership.storeddocument",
            ),
        ),
        migrations.AddField(
            model_name="paperissue",
            name="word",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="word_of_issue",
                to="partnership.storeddocument",
            ),
        ),
        migrations.AddField(
            model_name="papersection",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="papersection",
            name="paper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="wordings", to="partnership.committeepaper"
            ),
        ),
        migrations.AddField(
            model_name="papersection",
            name="text",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="indicators.text",
            ),
        ),
        migrations.AddField(
            model_name="papersignature",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="papersignature",
            name="wording",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="partnership.papersection"
            ),
        ),
        migrations.AddField(
            model_name="papertemplate",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="papertemplate",
            name="partnership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="paper_templates", to="indicators.partnership"
            ),
        ),
        migrations.AddField(
            model_name="committeepaper",
            name="template",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="partnership.papertemplate"
            ),
        ),
        migrations.AddField(
            model_name="templatesection",
            name="template",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sections", to="partnership.papertemplate"
            ),
        ),
        migrations.AddField(
            model_name="templatesection",
            name="words",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="indicators.text",
            ),
        ),
        migrations.AddField(
            model_name="papersection",
            name="section",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="wordings", to="partnership.templatesection"
            ),
        ),
        migrations.AddConstraint(
            model_name="packdocument",
            constraint=models.UniqueConstraint(fields=("pack", "form", "edition"), name="pack_document_edition_unique"),
        ),
        migrations.AddConstraint(
            model_name="paperissue",
            constraint=models.UniqueConstraint(fields=("paper", "number"), name="paper_issue_number_unique"),
        ),
        migrations.AddConstraint(
            model_name="papertemplate",
            constraint=models.UniqueConstraint(fields=("partnership", "version"), name="paper_template_version_unique"),
        ),
        migrations.AddConstraint(
            model_name="committeepaper",
            constraint=models.UniqueConstraint(fields=("pack", "number"), name="committee_paper_number_unique"),
        ),
        migrations.AddConstraint(
            model_name="templatesection",
            constraint=models.UniqueConstraint(fields=("template", "order"), name="template_section_order_unique"),
        ),
        migrations.AddConstraint(
            model_name="templatesection",
            constraint=models.UniqueConstraint(fields=("template", "code"), name="template_section_code_unique"),
        ),
        migrations.AddConstraint(
            model_name="templatesection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "implications"), models.Q(("owner_role", ""), _negated=True)),
                    models.Q(models.Q(("kind", "implications"), _negated=True), ("owner_role", "")),
                    _connector="OR",
                ),
                name="template_section_implications_have_an_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="papersection",
            constraint=models.UniqueConstraint(
                fields=("paper", "section", "revision"), name="paper_section_revision_unique"
            ),
        ),
        migrations.RunPython(reinstall, remove),
    ]
