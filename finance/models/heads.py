"""The order in which money and placements are read: budget heads as a tree, and the rungs of the care ladder."""

from django.db import models

from indicators.models import Category, Partnership, SourceDocument


class BudgetHead(models.Model):
    """A heading of the outturn, or a line within one. Its figures hang on the slice of its categories."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="budget_heads")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="lines", null=True, blank=True)
    order = models.PositiveSmallIntegerField()
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="+")
    paragraph = models.CharField(max_length=300)

    class Meta:
        ordering = ["partnership", "order"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "category", "parent"], name="budget_head_once"),
            models.UniqueConstraint(
                fields=["partnership", "category"], condition=models.Q(parent=None), name="budget_heading_once"
            ),
        ]

    def __str__(self) -> str:
        return self.category.name


class Rung(models.Model):
    """A rung of the care ladder: where a child may live, from the dearest kind of placement down.

    A rung outside care (an allowance for a guardian, say) costs money and is not one of the children in care. Being an
    unaccompanied child is a status on any rung, never a rung.
    """

    class Standing(models.TextChoices):
        IN_CARE = "in_care", "In care"
        OUTSIDE_CARE = "outside_care", "Outside care"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="rungs")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="The rungs that papers count together, such as out of area with parent and child.",
    )  # fmt: skip
    order = models.PositiveSmallIntegerField()
    standing = models.CharField(max_length=12, choices=Standing.choices)
    note = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="+")
    paragraph = models.CharField(max_length=300)

    class Meta:
        ordering = ["partnership", "order"]
        constraints = [models.UniqueConstraint(fields=["partnership", "category"], name="rung_once")]

    def __str__(self) -> str:
        return self.category.name
