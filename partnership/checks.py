"""System checks of the installation as a whole."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections

from indicators.working_days import ENGLAND, day_words
from partnership import clock
from partnership.reporting_lines import loop_sentences, structure

A_YEAR = timedelta(days=366)


def refuse_a_demonstration_in_production() -> None:
    """Stops the web server before it serves a demonstration's database as the real one."""
    try:
        errors = production_refuses_a_demonstration(databases=["default"])
    except OperationalError:
        return  # a database that does not answer yet is the business of the health page
    if errors:
        raise ImproperlyConfigured(f"{errors[0].msg} {errors[0].hint}")


@register(Tags.database)
def production_refuses_a_demonstration(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """A database marked as a demonstration must never serve as the real one."""
    errors: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if not settings.IN_PRODUCTION or "partnership_installation" not in connection.introspection.table_names():
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM partnership_installation WHERE kind = 'demo'")
            if cursor.fetchone():
                errors.append(
                    Error(
                        f"Database '{alias}' is marked as a demonstration.",
                        hint="Give DATABASE_URL of the real service's database.",
                        id="partnership.E001",
                    )
                )
    return errors


@register()
def bank_holidays_reach_a_year_ahead(**_: Any) -> list[CheckMessage]:
    """Due dates are counted in working days, so the table of bank holidays must reach a year beyond today."""
    today = clock.today()
    if today + A_YEAR <= ENGLAND.last:
        return []
    return [
        Warning(
            f"Bank holidays are known to {day_words(ENGLAND.last)}, which is less than a year after "
            f"{day_words(today)}. Due dates beyond that day cannot be worked out.",
            hint="Add the next years from www.gov.uk/bank-holidays to indicators/bank_holidays.py, with LAST_DAY; or "
            "install a newer version of this application.",
            id="partnership.W001",
        )
    ]


@register(Tags.database)
def reporting_lines_lead_up(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Who answers to whom must not go round in a loop today. Pages refuse such a line; loaded papers may print one."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        if "partnership_bodystep" not in connections[alias].introspection.table_names():
            continue
        all_bodies = apps.get_model("partnership", "Body").objects.using(alias).prefetch_related("versions")
        all_lines = apps.get_model("partnership", "ReportingLine").objects.using(alias)
        for partnership in apps.get_model("indicators", "Partnership").objects.using(alias):
            bodies = all_bodies.filter(partnership=partnership)
            lines = all_lines.filter(lower__partnership=partnership).select_related("lower", "upper")
            dated = [line.dated() for line in lines]
            held = structure([body.dated() for body in bodies], dated, clock.today())
            found += [
                Warning(
                    f"{partnership}: {sentence}",
                    hint="Open Governance and end the line that should not be there.",
                    id="partnership.W002",
                )
                for sentence in loop_sentences(held)
            ]
    return found
