"""That something was written which pages show."""

import secrets

from django.db import models


def new_token() -> str:
    """What no other change has, in any database: numbers alone come again after a backup is restored."""
    return secrets.token_hex(8)


class Change(models.Model):
    """One operation that wrote something pages show. The latest ones are part of the key of every page that is kept, so
    that a page is never shown after what it shows has changed. Old ones go."""

    token = models.CharField(max_length=16, default=new_token, editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Change {self.pk}"
