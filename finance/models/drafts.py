"""What is typed for a register and waits for another person, and what that person decided. Append-only."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from finance.models.printed import Printed
from finance.register_drafts import KINDS
from indicators.models import Partnership, Text


class RegisterDraft(models.Model):
    """Something that a person typed for a register: a new entry, a part of one, or what became of one.

    It is no row of the register: that is made of it once another person accepts it. `entry` and `item` are the codes
    of what it is added to, both empty for a new entry; `name` is what people call it; `typed` all that was typed.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="register_drafts")
    number = models.PositiveIntegerField(help_text="Counted within the partnership.")
    register = models.SlugField(max_length=20)
    kind = models.CharField(max_length=5, choices=[(kind.value, words) for kind, words in KINDS.items()])
    entry = models.SlugField(max_length=80, blank=True)
    item = models.SlugField(max_length=10, blank=True)
    name = models.CharField(max_length=520)
    typed = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["partnership", "number"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="register_draft_number_unique"),
            models.CheckConstraint(
                condition=Q(kind="entry", entry="", item="") | (~Q(kind="entry") & ~Q(entry="")),
                name="register_draft_of_an_entry",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RegisterDecision(models.Model):
    """What became of a draft: accepted by another person, refused with a reason, or withdrawn by who drafted it."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    draft = models.OneToOneField(RegisterDraft, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    reason = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="refused") | Q(reason__isnull=False), name="register_refusal_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"{self.draft}: {self.outcome}"


class OnRegister(Printed):
    """A row of a register: printed in a paper, or made of a draft that another person accepted.

    A row that a person added before drafts were known has neither paper nor draft.
    """

    draft = models.ForeignKey(RegisterDraft, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        abstract = True
