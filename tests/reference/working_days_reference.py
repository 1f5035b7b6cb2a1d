"""Bank holidays from the rules of Acts and proclamations; working days by walking and by numpy's own counting."""

from datetime import date, timedelta

import numpy

MONDAY, SATURDAY, SUNDAY = 0, 5, 6
MOVED = {
    date(2012, 5, 28): date(2012, 6, 4),  # the Diamond Jubilee
    date(2020, 5, 4): date(2020, 5, 8),  # 75 years after the end of the war in Europe
    date(2022, 5, 30): date(2022, 6, 2),  # the Platinum Jubilee
}
ONE_OFF = {date(2011, 4, 29), date(2012, 6, 5), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}


def easter(year):
    """Easter Sunday by the Gregorian tables, in Oudin's form."""
    century, golden = year // 100, year % 19
    epact = (century - century // 4 - (century - (century - 17) // 25) // 3 + 19 * golden + 15) % 30
    epact -= (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    past = epact - weekday
    month = 3 + (past + 40) // 44
    return date(year, month, past + 28 - 31 * (month // 4))


def _monday(year, month, last):
    days = [date(year, month, n) for n in range(1, 32) if n != 31 or month != 6]
    mondays = [day for day in days if day.weekday() == MONDAY]
    return mondays[-1 if last else 0]


def bank_holidays(year):
    """Those of England and Wales that fall on Monday to Friday, substitutes included."""
    sunday = easter(year)
    days = {sunday - timedelta(days=2), sunday + timedelta(days=1)}
    days |= {_monday(year, 5, False), _monday(year, 5, True), _monday(year, 8, True)}
    days = {MOVED.get(day, day) for day in days} | {day for day in ONE_OFF if day.year == year}
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        day = fixed
        while day.weekday() >= SATURDAY or day in days:
            day += timedelta(days=1)
        days.add(day)
    return days


def between(start, end, holidays):
    """Working days after the start up to and including the end, by looking at each."""
    day, count = start, 0
    while day < end:
        day += timedelta(days=1)
        count += day.weekday() not in (SATURDAY, SUNDAY) and day not in holidays
    return count


def between_by_numpy(start, end, holidays):
    """The same by numpy.busday_count, which counts its first day and not its last."""
    return int(numpy.busday_count(start + timedelta(days=1), end + timedelta(days=1), holidays=sorted(holidays)))


def add_by_numpy(start, n, holidays):
    """The n-th working day after the start, n at least 1, by numpy.busday_offset."""
    return numpy.busday_offset(start, n, roll="backward", holidays=sorted(holidays)).astype(date)
