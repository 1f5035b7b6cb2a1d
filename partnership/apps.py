from django.apps import AppConfig

from partnership import checks  # registers the system checks

__all__ = ["PartnershipConfig", "checks"]


class PartnershipConfig(AppConfig):
    name = "partnership"
    verbose_name = "Partnership"
