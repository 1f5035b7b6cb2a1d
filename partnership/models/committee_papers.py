"""The committee paper of a pack: its form, what officers wrote under each heading, who signed, and what was issued."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from indicators.models import Partnership, Text
from partnership.models.documents import StoredDocument
from partnership.models.packs import Pack


class _Signed(models.Model):
    """Who added the row, and when."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        abstract = True


class PackDocument(models.Model):
    """A pack as a document, stored as it was made. Append-only; after a redaction another edition is made."""

    class Form(models.TextChoices):
        DOCX = "docx", "Word"
        PDF = "pdf", "PDF"

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="documents")
    form = models.CharField(max_length=4, choices=Form.choices)
    edition = models.PositiveSmallIntegerField(help_text="1, and one more after each redaction of the one before.")
    document = models.OneToOneField(StoredDocument, on_delete=models.PROTECT, related_name="of_pack")

    class Meta:
        ordering = ["pack", "form", "edition"]
        constraints = [models.UniqueConstraint(fields=["pack", "form", "edition"], name="pack_document_edition_unique")]

    def __str__(self) -> str:
        return f"{self.pack}: {self.get_form_display()}, {self.edition}"


class PaperTemplate(_Signed):
    """A version of the form that a partnership's committee papers have. Append-only."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="paper_templates")
    version = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["partnership", "version"]
        constraints = [models.UniqueConstraint(fields=["partnership", "version"], name="paper_template_version_unique")]

    def __str__(self) -> str:
        return f"Version {self.version}"


class TemplateSection(models.Model):
    """A section of the form, with the words that stand in every paper. Append-only."""

    class Kind(models.TextChoices):
        FACT = "fact", "A line at the head of the paper"
        TEXT = "text", "Text"
        FIGURES = "figures", "Text, then figures of the pack"
        IMPLICATIONS = "implications", "Implications, signed by their owner"

    template = models.ForeignKey(PaperTemplate, on_delete=models.PROTECT, related_name="sections")
    order = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=40)
    heading = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    words = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    owner_role = models.CharField(max_length=120, blank=True, help_text="Who signs implications.")

    class Meta:
        ordering = ["template", "order"]
        constraints = [
            models.UniqueConstraint(fields=["template", "order"], name="template_section_order_unique"),
            models.UniqueConstraint(fields=["template", "code"], name="template_section_code_unique"),
            models.CheckConstraint(
                condition=(Q(kind="implications") & ~Q(owner_role="")) | (~Q(kind="implications") & Q(owner_role="")),
                name="template_section_implications_have_an_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.heading


class CommitteePaper(_Signed):
    """A report to the committee that a pack is for, in a version of the form. `version` counts what changed in it."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="committee_papers")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)
    template = models.ForeignKey(PaperTemplate, on_delete=models.PROTECT, related_name="papers")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pack", "number"]
        constraints = [models.UniqueConstraint(fields=["pack", "number"], name="committee_paper_number_unique")]

    def __str__(self) -> str:
        return self.title


class PaperSection(_Signed):
    """What an officer wrote in a section of a paper: one row for each wording, the last in force. Append-only."""

    paper = models.ForeignKey(CommitteePaper, on_delete=models.PROTECT, related_name="wordings")
    section = models.ForeignKey(TemplateSection, on_delete=models.PROTECT, related_name="wordings")
    revision = models.PositiveSmallIntegerField()
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["paper", "section", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "section", "revision"], name="paper_section_revision_unique")
        ]

    def __str__(self) -> str:
        return f"{self.section}, {self.revision}"


class PaperSignature(_Signed):
    """That the owner of implications stands for a wording of them: typed initials, and who signed. Append-only.

    It is of one wording, so that another one is not signed.
    """

    wording = models.ForeignKey(PaperSection, on_delete=models.PROTECT, related_name="signatures")
    initials = models.CharField(max_length=8)
    role = models.CharField(max_length=120)

    class Meta:
        ordering = ["wording", "pk"]

    def __str__(self) -> str:
        return f"{self.role}: {self.initials}"


class PaperPassageDecision(_Signed):
    """That a passage of a paper for everybody identifies nobody, and why. Append-only, once for each passage: who
    thinks otherwise changes the text, which makes it another one."""

    paper = models.ForeignKey(CommitteePaper, on_delete=models.PROTECT, related_name="passage_decisions")
    passage = models.CharField(max_length=64, help_text="SHA-256 of where it stands, of the text and of the passage.")
    place = models.CharField(max_length=60, help_text="Code of the section and what of it, or the title.")
    reason = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["paper", "pk"]
        constraints = [models.UniqueConstraint(fields=["paper", "passage"], name="paper_passage_decided_once")]

    def __str__(self) -> str:
        return f"{self.paper}: {self.place}"


class PaperIssue(_Signed):
    """A committee paper as it was issued, as Word and (where one could be made) PDF. Append-only. `closed_by`: why it
    gives nothing any more, where it was read by `selectors.committee_papers.issues_of`."""

    closed_by = ""

    paper = models.ForeignKey(CommitteePaper, on_delete=models.PROTECT, related_name="issues")
    number = models.PositiveSmallIntegerField()
    word = models.OneToOneField(StoredDocument, on_delete=models.PROTECT, related_name="word_of_issue")
    pdf = models.OneToOneField(
        StoredDocument, on_delete=models.PROTECT, related_name="pdf_of_issue", null=True, blank=True
    )
    rests_on = models.JSONField(
        help_text="Fingerprint of the pack; the wordings and signatures, by section; the passages that were decided "
        "of, each with who did."
    )

    class Meta:
        ordering = ["paper", "number"]
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="paper_issue_number_unique")]

    def __str__(self) -> str:
        return f"{self.paper}, issue {self.number}"

    @property
    def deciders(self) -> list[str]:
        """Who decided of its passages, by name, each once."""
        return sorted({one["by"] for one in self.rests_on.get("passages", ())})
