"""Files that are kept as they came: papers of meetings, evidence."""

from django.conf import settings
from django.db import models

from indicators.models import Partnership, Redaction


class StoredDocument(models.Model):
    """A file as it was given or made, with its SHA-256. Append-only."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="documents")
    code = models.SlugField(max_length=80)
    file_name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    redaction = models.ForeignKey(
        Redaction, on_delete=models.PROTECT, related_name="documents", null=True, blank=True,
        help_text="What it held was removed for cause; its SHA-256 stays.",
    )  # fmt: skip
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["partnership", "pk"]
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="stored_document_code_unique")]

    def __str__(self) -> str:
        return self.file_name
