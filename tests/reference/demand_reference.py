"""The published demand model as its own tests show it, with its weaknesses; and our cohort child by child.

Published: data-to-insight/cs-demand-model 3169b610 (MIT). It moves stocks by min(stock, stock × Σ rates), shared pro
rata; several days at once by 1 − (1 − r)^d for each move alone; ages without memory, at 1 ÷ days of the bracket.
"""

from datetime import timedelta
from functools import cache
from random import Random

import numpy
from scipy import stats

from finance.ages import AGE_BANDS


def published_step(stocks, rates, days=1, numbers=None):
    """One step of so many days: every move from the stock before it."""
    out = [{} for _ in stocks]
    for (begin, to), rate in rates.items():
        out[begin][to] = out[begin].get(to, 0) + stocks[begin] * (1 - (1 - rate) ** days if days > 1 else rate)
    for (begin, to), number in (numbers or {}).items():
        out[begin][to] = out[begin].get(to, 0) + number * days
    after = list(stocks)
    for begin, moves in enumerate(out):
        wanted = sum(moves.values())
        share = min(1, stocks[begin] / wanted) if wanted else 0
        for to, number in moves.items():
            after[begin] -= number * share
            after[to] += number * share
    return after


def published(stocks, rates, days, step=1, numbers=None):
    """Steps until so many days are over."""
    for _ in range(days // step):
        stocks = published_step(stocks, rates, step, numbers)
    return stocks


def published_still_in_bracket(stock, bracket_days, days):
    """Children still in an age bracket: each day one in as many leaves it, whatever the birthdays."""
    for _ in range(days):
        stock *= 1 - 1 / bracket_days
    return stock


def years_old(birth, day):
    """Age in whole years, by comparing month and day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def child_by_child(model, cohort, start, day):
    """Expected children by (band, rung): every child by itself, each day by the matrix of its own age, with entrants
    split over every day of birth of their band."""
    rungs = list(model.rungs)
    matrices = {}
    for band in AGE_BANDS:
        matrix = numpy.eye(len(rungs))
        for (begin, to), rate in model.of_band(band.code).items():
            matrix[rungs.index(begin), rungs.index(begin)] -= float(rate)
            if to in rungs:
                matrix[rungs.index(begin), rungs.index(to)] += float(rate)
        matrices[band.code] = matrix

    def band_at(birth, on):
        age = years_old(birth, on)
        return next((band.code for band in AGE_BANDS if band.from_years <= age < band.to_years), None)

    found = {}

    def follow(birth, vector, on):
        while on < day and band_at(birth, on):
            vector = vector @ matrices[band_at(birth, on)]
            on += timedelta(days=1)
        band = band_at(birth, on)
        if band:
            for rung, number in zip(rungs, vector, strict=True):
                found[band, rung] = found.get((band, rung), 0) + number

    for child in cohort:
        follow(child.birth, numpy.eye(len(rungs))[rungs.index(child.rung)], start)
    for n in range(1, (day - start).days + 1):
        on = start + timedelta(days=n)
        for (code, rung), number in model.entrants.items():
            births = [on - timedelta(days=back) for back in range(19 * 366)]
            births = [birth for birth in births if band_at(birth, on) == code]
            for birth in births:
                follow(birth, numpy.eye(len(rungs))[rungs.index(rung)] * float(number) / len(births), on)
    return found


def gamma_interval(shape, exposure):
    """5% and 95% of a Gamma, by way of chi squared."""
    return tuple(stats.chi2.ppf(share, 2 * shape) / (2 * exposure) for share in (0.05, 0.95))


def possible_courses(found, came, came_days, rungs, cohort, start, days, runs, seed):
    """Children in care by day, run and rung: every child of every run walked night by night with Python's own random
    numbers, each rate drawn from its Gamma, entrants by counting waits until the night is over."""
    random = Random(seed)  # noqa: S311
    pooled = {}
    for rate in found:
        moves, nights = pooled.get((rate.from_rung, rate.to_rung), (0, 0))
        pooled[rate.from_rung, rate.to_rung] = moves + rate.moves, nights + rate.child_days

    @cache
    def band_at(birth, on):
        age = years_old(birth, on)
        return next((band.code for band in AGE_BANDS if band.from_years <= age < band.to_years), None)

    def one_course():
        drawn = {}
        for rate in found:
            moves, nights = pooled[rate.from_rung, rate.to_rung]
            if moves:
                exposure = rate.child_days + 0.5 * nights / moves
                chance = random.gammavariate(rate.moves + 0.5, 1 / exposure)
                drawn.setdefault((rate.band, rate.from_rung), []).append((rate.to_rung, chance))
        a_day = {key: random.gammavariate(number, 1 / came_days) for key, number in came.items() if number}
        children, seen, on = [(child.birth, child.rung) for child in cohort], [], start
        while on <= days[-1]:
            if on in days:
                seen.append([sum(rung == here for _, here in children) for rung in rungs])
            tomorrow, after = on + timedelta(days=1), []
            for birth, rung in children:
                luck = random.random()
                for to, chance in drawn.get((band_at(birth, on), rung), ()):
                    if luck < chance:
                        rung = to
                        break
                    luck -= chance
                if rung in rungs and band_at(birth, tomorrow):
                    after.append((birth, rung))
            for (code, rung), rate in a_day.items():
                waited = random.expovariate(rate)
                while waited < 1:
                    birth = tomorrow - timedelta(days=random.randrange(19 * 366))
                    while band_at(birth, tomorrow) != code:
                        birth = tomorrow - timedelta(days=random.randrange(19 * 366))
                    after.append((birth, rung))
                    waited += random.expovariate(rate)
            children, on = after, tomorrow
        return seen

    return numpy.array([one_course() for _ in range(runs)]).transpose(1, 0, 2)
