"""From when on which small numbers are hidden from the public, and who decided so."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from indicators.models.places import Partnership


class DisclosurePolicy(models.Model):
    """How a partnership protects small numbers in what everybody may read, from a day on. Append-only."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="disclosure_policies")
    number = models.PositiveSmallIntegerField()
    valid_from = models.DateField(help_text="The first day on which a pack is published under it.")
    threshold = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(3), MaxValueValidator(20)],
        help_text="The smallest count that may be shown, besides 0: every count from 1 to one below it is hidden.",
    )
    small_group = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(2), MaxValueValidator(100)],
        help_text="A group of at most so many is small: where all or none of it have something, that tells of each.",
    )
    zero_discloses = models.BooleanField(
        help_text="Whether a group of which all or none have something is hidden, because it tells of each of them."
    )
    shows_value_only = models.BooleanField(
        help_text="Whether a share or an average is shown of which nobody holds from how many it was worked out."
    )
    rounding_base = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(2), MaxValueValidator(100)],
        help_text="To what counts are rounded where a table is rounded in place of hiding.",
    )
    counts = models.JSONField(help_text="What a figure counts that it applies to, such as children.")
    authority = models.CharField(max_length=300, help_text="The decision, and who took it.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["partnership", "number"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="disclosure_policy_number_unique"),
            models.CheckConstraint(
                condition=Q(threshold__gte=3, threshold__lte=20, rounding_base__gte=2),
                name="disclosure_policy_protects",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership}: policy {self.number}"
