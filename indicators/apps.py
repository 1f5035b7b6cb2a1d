from django.apps import AppConfig

from indicators import checks  # registers the system checks

__all__ = ["IndicatorsConfig", "checks"]


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = "Indicators"
