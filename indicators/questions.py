"""Questions that are put together once and then asked with other values.

Django puts the SQL of a queryset together each time it is asked, which for most of the questions that pages ask takes
longer than the answer. What a page asks every time is therefore written as a function that makes the queryset of its
values, under `@question`: the first call keeps the SQL, and the next ones put their values in its place.
"""

import copy
import functools
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

P = ParamSpec("P")
Row = TypeVar("Row")
Found = tuple[int, int | None]  # the place of a value among the arguments, and within a list

# What every column of whole numbers holds; any other number is asked for in Django's own way.
_SMALLEST, _LARGEST = -(2**31), 2**31 - 1
_LONGEST = 4096


class _Kept:
    """A question as it is kept: the queryset, its compiler, its SQL, and which value goes to which parameter."""

    def __init__(self, build: Callable[..., Any], values: Sequence[Any], choices: dict[str, Any]) -> None:
        self.rows: Any = build(*_in_place(values, 0), **choices)
        self.sql, self.asked, self.compiler = _compiled(self.rows)
        sql, others, _ = _compiled(build(*_in_place(values, 1), **choices))
        adapt = _adapter(self.rows.db)
        places = {adapt(one): place for place, one in _flat(_in_place(values, 0))}
        differ = [number for number, pair in enumerate(zip(self.asked, others, strict=True)) if pair[0] != pair[1]]
        try:
            self.slots: dict[int, Found] = {number: places[self.asked[number]] for number in differ}
        except (KeyError, TypeError):
            self.slots = {}
        if sql != self.sql or set(self.slots.values()) != set(places.values()) or len(self.slots) != len(differ):
            raise TypeError(f"{build.__qualname__} does more with its values than ask for them, so it cannot be kept.")

    def answer(self, values: Sequence[Any]) -> list[Any]:
        """The rows for those values. One query, and those of what is prefetched."""
        adapt = _adapter(self.rows.db)
        asked = list(self.asked)
        for number, (place, within) in self.slots.items():
            asked[number] = adapt(values[place] if within is None else values[place][within])
        bound = copy.copy(self.compiler)
        bound.connection = connections[self.rows.db]
        bound.as_sql = lambda *_, **__: (self.sql, tuple(asked))
        rows = self.rows._chain()
        rows.query.get_compiler = lambda *_, **__: bound
        return list(rows)


def question(build: Callable[P, QuerySet[Any, Row]]) -> Callable[P, list[Row]]:
    """Makes a function that gives a queryset into one that gives its rows, put together once.

    Positional arguments are values that the queryset asks for as they are: whole numbers, texts, days, moments, lists
    of these; what the function does with them besides is refused with a TypeError. Arguments by keyword, and None,
    choose between questions, each of which is kept.
    """
    kept: dict[Hashable, _Kept] = {}

    @functools.wraps(build)
    def ask(*args: P.args, **kwargs: P.kwargs) -> list[Row]:
        values = [_filled_up(value) if isinstance(value, list | tuple) else value for value in args]
        if not all(_is_kept(value) for value in values):
            return list(build(*args, **kwargs))
        engine = connections[QuerySet().db].vendor
        shape = tuple(len(value) if isinstance(value, list) else type(value) for value in values)
        key = engine, shape, tuple(sorted(kwargs.items()))
        if key not in kept:
            kept[key] = _Kept(build, values, kwargs)
        return kept[key].answer(values)

    return ask


def _filled_up(values: Sequence[Any]) -> list[Any]:
    """A list with its last value repeated until it has 1, 2, 4, 8, … values: so there are few questions to keep."""
    found = list(values)
    return found + found[-1:] * ((1 << (len(found) - 1).bit_length()) - len(found)) if found else []


def _is_kept(value: Any) -> bool:
    """Whether a value goes into a kept question. An empty list finds nothing, which Django knows without asking."""
    if isinstance(value, list):
        return 0 < len(value) <= _LONGEST and all(map(_is_kept, value))
    return not isinstance(value, int) or _SMALLEST <= value <= _LARGEST


def _flat(values: Sequence[Any]) -> Iterator[tuple[Found, Any]]:
    """Each value with its place; None has none, for no parameter stands for it."""
    for place, value in enumerate(values):
        if isinstance(value, list):
            yield from (((place, within), one) for within, one in enumerate(value))
        elif value is not None:
            yield (place, None), value


def _in_place(values: Sequence[Any], turn: int) -> list[Any]:
    """Values of the same kinds, each unlike every other and those of the other turn, that any column can hold."""
    numbers = iter(range(turn * 15_000 + 2_000, 32_000))
    return [
        [_like(one, next(numbers)) for one in value] if isinstance(value, list) else _like(value, next(numbers))
        for value in values
    ]


def _like(value: Any, number: int) -> Any:
    if value is None:
        return None
    if isinstance(value, datetime):
        return datetime(1800, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    if isinstance(value, date):
        return date(1800, 1, 1) + timedelta(days=number)
    if isinstance(value, str):
        return f"in place of {number}"
    if isinstance(value, int) and not isinstance(value, bool):
        return number
    raise TypeError(f"{value!r} is no value that a question can be asked with; give it by keyword.")


def _compiled(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...], Any]:
    compiler: Any = rows.query.get_compiler(using=rows.db)
    try:
        sql, asked = compiler.as_sql()
    except EmptyResultSet as error:
        raise TypeError(f"A question about {rows.model.__name__} asks for what no column can hold.") from error
    compiler.connection = None  # it belongs to one thread
    return sql, tuple(asked), compiler


def _adapter(using: str) -> Callable[[Any], Any]:
    """What a value is turned into for the database."""
    operations = connections[using].ops

    def adapt(value: Any) -> Any:
        if isinstance(value, datetime):
            return operations.adapt_datetimefield_value(value)
        return operations.adapt_datefield_value(value) if isinstance(value, date) else value

    return adapt
