"""System checks of the installation: the table of bank holidays must reach a year ahead."""

from datetime import date, timedelta

import pytest
from django.core import checks as django_checks

from indicators.bank_holidays import LAST_DAY
from indicators.working_days import day_words
from partnership import checks


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> list[django_checks.CheckMessage]:
    monkeypatch.setattr(checks.clock, "today", lambda: day)
    return checks.bank_holidays_reach_a_year_ahead()


def test_bank_holidays_when_checked_today_then_known_for_a_year_ahead() -> None:
    """Fails a year before the table ends: add the years that GOV.UK has published since."""
    assert checks.bank_holidays_reach_a_year_ahead() == []


def test_bank_holidays_when_the_check_is_looked_for_then_registered() -> None:
    assert checks.bank_holidays_reach_a_year_ahead in django_checks.registry.registry.get_checks()


def test_bank_holidays_when_they_just_reach_a_year_ahead_then_nothing_is_said(monkeypatch) -> None:
    assert on(monkeypatch, LAST_DAY - timedelta(days=366)) == []


def test_bank_holidays_when_a_day_short_then_a_warning_says_what_to_do(monkeypatch) -> None:
    today = LAST_DAY - timedelta(days=365)
    (warning,) = on(monkeypatch, today)
    assert warning.id == "partnership.W001"
    assert warning.level == django_checks.WARNING
    assert f"known to {day_words(LAST_DAY)}, which is less than a year after {day_words(today)}" in warning.msg
    assert "gov.uk/bank-holidays" in warning.hint
    assert "indicators/bank_holidays.py" in warning.hint


def test_bank_holidays_when_the_table_has_ended_then_still_a_warning_and_no_error(monkeypatch) -> None:
    assert [message.id for message in on(monkeypatch, LAST_DAY + timedelta(days=500))] == ["partnership.W001"]
