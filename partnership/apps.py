from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from indicators import triggers
from partnership import checks  # registers the system checks

__all__ = ["PartnershipConfig", "checks"]


class PartnershipConfig(AppConfig):
    name = "partnership"
    verbose_name = "Partnership"

    def ready(self) -> None:
        post_migrate.connect(_protect, sender=self)


def _protect(using: str, **_: Any) -> None:
    triggers.reinstall_if_missing(connections[using])
