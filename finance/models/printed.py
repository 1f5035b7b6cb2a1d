"""Where a row comes from: a published paper, or a person."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from indicators.models import SourceDocument


class Printed(models.Model):
    """What a paper states, with its place in it; or what a person added, with who and when."""

    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    paragraph = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        abstract = True


def typed_or_printed(name: str) -> models.CheckConstraint:
    """That a row names a person or a paper."""
    return models.CheckConstraint(condition=Q(by__isnull=False) | Q(source__isnull=False), name=name)
