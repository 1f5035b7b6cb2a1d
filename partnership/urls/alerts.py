"""Addresses of alerts, under the partnership's slug."""

from django.urls import path

from partnership.views import alerts

alerts_patterns = [
    path("alerts/", alerts.alert_list, name="alerts"),
    path("alerts/read/", alerts.alert_read, name="alert_read"),
    path("alerts/settings/", alerts.alert_settings, name="alert_settings"),
]
