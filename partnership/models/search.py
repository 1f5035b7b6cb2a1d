"""The words that a search looks in."""

from django.db import models
from django.db.models import Q

from indicators.models import Partnership, Text


class SearchEntry(models.Model):
    """The folded words of one thing that can be found in a partnership. Made from what it stands for, and made again
    when that changes. An indicator is shared: each partnership that returns it has an entry of its own.

    PostgreSQL looks in them by a full-text index, SQLite by a full-text table that triggers keep beside this one.
    """

    class Kind(models.TextChoices):
        INDICATOR = "indicator", "Indicators"
        COMMENTARY = "commentary", "Commentary"
        BODY = "body", "Bodies"
        ITEM = "item", "Agenda items"
        PAPER = "paper", "Papers"
        MINUTE = "minute", "Minutes"
        STATEMENT = "statement", "Public statements"
        QUESTION = "question", "Members' questions"
        RESOLUTION = "resolution", "Resolutions"
        ACTION = "action", "Actions"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="search_entries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    object_id = models.BigIntegerField()
    text = models.ForeignKey(Text, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    raw = models.TextField(blank=True, help_text="What was indexed; empty where a text is named.")
    words = models.TextField()

    class Meta:
        verbose_name_plural = "search entries"
        ordering = ["kind", "-object_id"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "kind", "object_id"], name="search_entry_unique"),
            models.CheckConstraint(condition=Q(text__isnull=True) | Q(raw=""), name="search_entry_text_or_raw"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
