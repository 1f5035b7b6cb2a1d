"""Attacks published tables a second way: in the numbers themselves, not in moves, and one number at a time.

`possible` asks by propagation and trial which of some numbers a hidden cell can be; `interval` asks an integer
programme over every cell, shown ones fixed, for its least and its most. Neither shares code with the audit.
"""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

CAP = 100_000


class View:
    """What the public sees of tables now and before: fixed cells, the least of each hidden one, and all sums."""

    def __init__(self, tables, hidden, earlier=(), zero_hides=True):
        shown, secret, least = {}, set(), {}
        sums = []
        for table, out in [(t, hidden) for t in tables] + [(one.table, one.hidden) for one in earlier]:
            for cell in table.cells:
                may_be_none = zero_hides and cell.guard == "small or none"
                if cell.standing == "known" or (cell.standing == "printed" and cell.id not in out):
                    shown[cell.id] = cell.value
                elif cell.standing == "printed":
                    secret.add(cell.id)
                    least[cell.id] = max(least.get(cell.id, 0), 0 if may_be_none else 1)
                else:
                    secret.add(cell.id)
            sums += [(dict(r.factors), r.low, r.high) for r in table.relations]
        self.names = sorted(set(shown) | secret)
        self.low = {n: shown.get(n, least.get(n, 0)) for n in self.names}
        self.high = {n: shown.get(n, CAP) for n in self.names}
        self.sums = sums
        self.hidden = sorted(secret - set(shown))


def interval(view, name):
    """Least and most of a cell; None for a most that nothing bounds."""
    place = {n: k for k, n in enumerate(view.names)}
    matrix = np.zeros((len(view.sums), len(place)))
    for k, (factors, _, _) in enumerate(view.sums):
        for n, factor in factors.items():
            matrix[k, place[n]] = factor
    low = [-np.inf if s[1] is None else s[1] for s in view.sums]
    high = [np.inf if s[2] is None else s[2] for s in view.sums]
    bounds = Bounds([view.low[n] for n in view.names], [view.high[n] for n in view.names])
    ends = []
    for sign in (1, -1):
        cost = np.zeros(len(place))
        cost[place[name]] = sign
        found = milp(cost, integrality=np.ones(len(place)), bounds=bounds,
                     constraints=LinearConstraint(matrix, low, high) if view.sums else ())  # fmt: skip
        assert found.status == 0, found.message
        ends.append(round(sign * found.fun))
    return ends[0], None if ends[1] >= CAP // 3 else ends[1]


def possible(view, name, numbers, most=150):
    """Those of the numbers that a hidden cell can be, with every cell at most `most`, by trying."""
    return [n for n in numbers if _can(view, name, n, most)]


def _can(view, name, number, most):
    low = {n: view.low[n] for n in view.names}
    high = {n: min(view.high[n], max(most, view.low[n])) for n in view.names}
    if not low[name] <= number <= high[name]:
        return False
    low[name] = high[name] = number
    return _search(view, low, high)


def _search(view, low, high):
    if not _narrow(view, low, high):
        return False
    open_ones = [n for n in view.names if low[n] < high[n]]
    if not open_ones:
        return True
    name = min(open_ones, key=lambda n: high[n] - low[n])
    for number in range(low[name], high[name] + 1):
        below, above = dict(low), dict(high)
        below[name] = above[name] = number
        if _search(view, below, above):
            return True
    return False


def _narrow(view, low, high):
    """Bounds of each cell from those of the others in its sums, until nothing changes; False where none is left."""
    changed = True
    while changed:
        changed = False
        for factors, least, most in view.sums:
            for name, factor in factors.items():
                rest = [(f, n) for n, f in factors.items() if n != name]
                rest_low = sum(f * (low[n] if f > 0 else high[n]) for f, n in rest)
                rest_high = sum(f * (high[n] if f > 0 else low[n]) for f, n in rest)
                ends = []
                if least is not None:
                    ends.append((">", least - rest_high))
                if most is not None:
                    ends.append(("<", most - rest_low))
                for side, bound in ends:
                    is_low = (side == ">") == (factor > 0)
                    if is_low:
                        new = -((-bound) // factor)
                        if new > low[name]:
                            low[name], changed = new, True
                    else:
                        new = bound // factor
                        if new < high[name]:
                            high[name], changed = new, True
                    if low[name] > high[name]:
                        return False
    return True
