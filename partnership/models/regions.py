"""Regions: partnerships whose published figures are shown side by side."""

from django.db import models

from indicators.models import Partnership


class Region(models.Model):
    """A region whose authorities compare what they have published. Its code is permanent; everybody reads its name."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RegionStep(models.Model):
    """That a partnership joined a region, or left it, from a day on; the last step of a day counts. Append-only."""

    class Action(models.TextChoices):
        JOINED = "joined", "Joined"
        LEFT = "left", "Left"

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="steps")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="region_steps")
    action = models.CharField(max_length=6, choices=Action.choices)
    on = models.DateField(help_text="The first day of membership, or the first day without it.")
    authority = models.CharField(max_length=300, help_text="Who decided this, and where.")
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=160)

    class Meta:
        ordering = ["region", "partnership", "on", "pk"]

    def __str__(self) -> str:
        return f"{self.partnership}: {self.get_action_display()} {self.region}, {self.on}"
