"""What belongs to the installation as a whole."""

from django.db import models


class Installation(models.Model):
    """What this database is for. At most one row; none means the real service."""

    class Kind(models.TextChoices):
        DEMO = "demo", "Demonstration"

    kind = models.CharField(max_length=4, choices=Kind.choices, unique=True)
    marked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.get_kind_display()
