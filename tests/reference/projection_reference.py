"""A projection a second way: each child by itself, night after night, in fractions; and prices looked up by the day."""

from datetime import timedelta
from fractions import Fraction


def price_on(day, weekly, changes, rung):
    """The weekly price on a night, change after change."""
    price = Fraction(weekly)
    for change in sorted(changes, key=lambda change: change.on):
        if change.on <= day and (not change.rungs or rung in change.rungs):
            price = price * (1 + Fraction(change.percent) / 100) + Fraction(change.pounds)
    return price


def cost_of_stay(weekly, start, end, first, last, changes=(), rung=""):
    """Pounds for the nights between two days, both in."""
    total, day = Fraction(0), first
    while day <= last:
        if start <= day and (end is None or day < end):
            total += price_on(day, weekly, changes, rung) / 7
        day += timedelta(days=1)
    return total


def expected_cost(outlook, last):
    """Pounds from the day of the outlook to `last`: the chance of being on each rung, carried from night to night."""
    total = Fraction(0)
    leaving = {row.rung: Fraction(row.per_night) for row in outlook.leaving}
    nights = [outlook.as_of + timedelta(days=n) for n in range((last - outlook.as_of).days + 1)]

    def paid(day, rung, weekly, chance):
        return chance * price_on(day, weekly, outlook.price_changes, rung) / 7

    for placement in outlook.placements:
        where = None  # (rung, price) -> chance
        for day in nights:
            if not (placement.start <= day and (placement.end is None or day < placement.end)):
                continue
            if where is None:
                where = {(placement.rung, placement.weekly): Fraction(placement.number)}
            else:
                where = {key: chance * (1 - leaving.get(key[0], 0)) for key, chance in where.items()}
            for move in placement.moves:
                if move.on == day:
                    before, where = where, {}
                    p = Fraction(move.probability)
                    for key, chance in before.items():
                        where[key] = where.get(key, 0) + chance * (1 - p)
                        if move.to_rung is not None:
                            to = (move.to_rung, move.weekly)
                            where[to] = where.get(to, 0) + chance * p
            total += sum(paid(day, *key, chance) for key, chance in where.items())
    for row in outlook.starters:
        prices, present = [Fraction(price) for price in row.prices], Fraction(0)
        for day in nights:
            month_end = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
            present = present * (1 - leaving.get(row.rung, 0)) + Fraction(row.per_month) / month_end.day
            total += sum(paid(day, row.rung, price, present / len(prices)) for price in prices)
    for cost in outlook.standing:
        total += cost_of_stay(cost.weekly, cost.start, cost.end, outlook.as_of, last)
    aside = outlook.contingency
    return total * (1 + Fraction(aside.percent) / 100) + Fraction(aside.amount)
