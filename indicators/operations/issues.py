"""Keeps the register of statutory returns and of what is wrong with the data."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from indicators.imports import Row
from indicators.models import DataIssue, Indicator, Partner, Partnership, SourceDocument, StatutoryReturn, User
from indicators.operations.basics import free_code, known_on, made_before, note_made, operation, stripped
from indicators.operations.errors import OperationError, WrongState
from indicators.operations.published import Refusal


class IssueChanged(OperationError):
    """Somebody else changed the issue after the page was opened."""


@dataclass(frozen=True)
class ReturnDetails:
    """What is known of a statutory return; what is not stays empty. `state` is one of StatutoryReturn.State."""

    name: str
    asked_by: str = ""
    covers: str = ""
    opens_on: date | None = None
    closes_on: date | None = None
    state: str = StatutoryReturn.State.NOT_STATED
    owner_role: str = ""
    note: str = ""


@dataclass(frozen=True)
class IssueDetails:
    """What is known of an issue that is not cleared, and the indicators that hang on it."""

    title: str
    description: str = ""
    statutory_return: StatutoryReturn | None = None
    found_on: date | None = None
    expected_on: date | None = None
    partner: Partner | None = None
    owner_role: str = ""
    indicators: tuple[Indicator, ...] = ()


def _check_return(details: ReturnDetails) -> None:
    if not details.name.strip():
        raise WrongState("Give the return its name.")
    if details.opens_on and details.closes_on and details.closes_on < details.opens_on:
        raise WrongState("The return closes before it opens. Correct one of the two dates.")


def _check_issue(partnership: Partnership, details: IssueDetails, today: date) -> None:
    if not details.title.strip():
        raise WrongState("Say in a few words what is wrong with the data.")
    for row in (details.statutory_return, details.partner):
        if row is not None and row.partnership_id != partnership.pk:
            raise WrongState(f"{row} does not belong to {partnership}.")
    if details.found_on and details.found_on > today:
        raise WrongState("The day on which the issue was found has not come yet.")
    if details.found_on and details.expected_on and details.expected_on < details.found_on:
        raise WrongState("The issue should be cleared before it was found. Correct one of the two dates.")


def _values(details: ReturnDetails | IssueDetails) -> dict[str, Any]:
    """The columns of the details, texts without the spaces around them."""
    return stripped({f.name: getattr(details, f.name) for f in fields(details) if f.name != "indicators"})


def _asked(partnership: Partnership, details: ReturnDetails | IssueDetails) -> list[Any]:
    """All that a form says, rows by their primary keys."""
    return [partnership.pk, *(getattr(value, "pk", value) for value in _values(details).values())]


@operation
def add_statutory_return(
    *, partnership: Partnership, details: ReturnDetails, by: User, at: datetime, key: str = ""
) -> StatutoryReturn:
    """Puts a statutory return on the register; the same key again gives the one that it made. Raises WrongState for
    dates in the wrong order, OperationError for a key that was used otherwise."""
    asked = _asked(partnership, details)
    if before := made_before(key=key, operation_name="add_statutory_return", asked=asked, by=by, at=at, once=True):
        return StatutoryReturn.objects.get(partnership=partnership, code=before)
    _check_return(details)
    code = free_code(StatutoryReturn.objects.filter(partnership=partnership), details.name)
    note_made(key=key, code=code)
    return StatutoryReturn.objects.create(partnership=partnership, code=code, **_values(details))


@operation
def change_statutory_return(
    *, statutory_return: StatutoryReturn, details: ReturnDetails, by: User, at: datetime
) -> None:
    """Says anew what is known of a statutory return. Raises WrongState for dates in the wrong order."""
    _check_return(details)
    StatutoryReturn.objects.filter(pk=statutory_return.pk).update(**_values(details))


@operation
def add_issue(*, partnership: Partnership, details: IssueDetails, by: User, at: datetime, key: str = "") -> DataIssue:
    """Puts a data quality issue on the register; the same key again gives the one that it made. Raises WrongState for
    dates that cannot be, OperationError for a key that was used otherwise."""
    asked = [*_asked(partnership, details), sorted(indicator.pk for indicator in details.indicators)]
    if before := made_before(key=key, operation_name="add_issue", asked=asked, by=by, at=at, once=True):
        return DataIssue.objects.get(partnership=partnership, code=before)
    _check_issue(partnership, details, known_on(at))
    code = free_code(DataIssue.objects.filter(partnership=partnership), details.title)
    note_made(key=key, code=code)
    made = DataIssue.objects.create(partnership=partnership, code=code, **_values(details))
    made.indicators.set(details.indicators)
    return made


def _held(issue: DataIssue, version: int) -> DataIssue:
    """The issue, locked until the transaction ends. Raises IssueChanged when it is not the expected version."""
    row = DataIssue.objects.select_for_update().get(pk=issue.pk)
    if row.version != version:
        raise IssueChanged(
            "Somebody else has changed this issue since you opened the page. Nothing was saved; look at it again, then "
            "send what you typed once more if it still holds."
        )
    row.version += 1
    return row


@operation
def change_issue(*, issue: DataIssue, version: int, details: IssueDetails, by: User, at: datetime) -> None:
    """Says anew what is known of an issue that is not cleared.

    `version` is that of the page. Raises IssueChanged, and WrongState for a cleared issue or dates that cannot be.
    """
    row = _held(issue, version)
    if row.cleared_on is not None:
        raise WrongState("This issue is cleared. Open it again before you change it.")
    _check_issue(row.partnership, details, known_on(at))
    for name, value in _values(details).items():
        setattr(row, name, value)
    row.save()
    row.indicators.set(details.indicators)


@operation
def clear_issue(*, issue: DataIssue, version: int, cleared_on: date, how_cleared: str, by: User, at: datetime) -> None:
    """Says that an issue is cleared, since when and how; nothing waits for it any more.

    Raises IssueChanged, and WrongState for one that is cleared already, a day to come or before it was found, and
    without saying how.
    """
    row = _held(issue, version)
    if row.cleared_on is not None:
        raise WrongState("This issue is cleared already.")
    if not how_cleared.strip():
        raise WrongState("Say how it was cleared; everybody who reads its indicators can see it.")
    if cleared_on > known_on(at):
        raise WrongState("The day on which it was cleared has not come yet.")
    if row.found_on is not None and cleared_on < row.found_on:
        raise WrongState("It was cleared before it was found. Correct the date.")
    row.cleared_on, row.how_cleared = cleared_on, how_cleared.strip()
    row.save(update_fields=["cleared_on", "how_cleared", "version"])


@operation
def reopen_issue(*, issue: DataIssue, version: int, by: User, at: datetime) -> None:
    """Opens an issue again that was cleared by mistake or has come back. Raises IssueChanged, WrongState."""
    row = _held(issue, version)
    if row.cleared_on is None:
        raise WrongState("This issue is open already.")
    row.cleared_on, row.how_cleared = None, ""
    row.save(update_fields=["cleared_on", "how_cleared", "version"])


# From the files of published papers


def load_statutory_return(*, partnership: Partnership, row: Row, source: SourceDocument) -> bool:
    """Puts a return on the register as a paper tells it (True); one that is there already is kept up by people, and is
    left alone if it is from the same place of the paper. Only inside the loading's own transaction. Raises Refusal."""
    if row["opens_on"] and row["closes_on"] and row["closes_on"] < row["opens_on"]:
        raise Refusal("closes_on", "it closes before it opens.")
    values = {f.name: row[f.name] for f in fields(ReturnDetails)}
    return _loaded(StatutoryReturn, partnership, row, source, values) is not None


def load_issue(
    *, partnership: Partnership, row: Row, source: SourceDocument, partner: Partner | None, indicators: list[Indicator]
) -> bool:
    """The same for an issue: `partner` and `indicators` are those that its row names."""
    statutory_return = None
    if row["statutory_return"]:
        statutory_return = StatutoryReturn.objects.filter(partnership=partnership, code=row["statutory_return"]).first()
        if statutory_return is None:
            raise Refusal("statutory_return", f"“{row['statutory_return']}” is not known. Put it on the register.")
    if row["found_on"] and row["cleared_on"] and row["cleared_on"] < row["found_on"]:
        raise Refusal("cleared_on", "it is cleared before it is found.")
    if bool(row["cleared_on"]) != bool(row["how_cleared"]):
        raise Refusal("how_cleared", "say both when and how it was cleared, or neither.")
    names = ("title", "description", "found_on", "expected_on", "cleared_on", "how_cleared", "owner_role")
    values = {name: row[name] for name in names} | {"statutory_return": statutory_return, "partner": partner}
    made = _loaded(DataIssue, partnership, row, source, values)
    if made is not None:
        made.indicators.set(indicators)
    return made is not None


def _loaded(model: Any, partnership: Partnership, row: Row, source: SourceDocument, values: dict[str, Any]) -> Any:
    """The row that was made; None where one with its code is held from the same place."""
    held = model.objects.filter(partnership=partnership, code=row["code"]).first()
    if held is None:
        return model.objects.create(
            partnership=partnership, code=row["code"], source=source, paragraph=row["paragraph"], **values
        )
    for name, value in (("source", source), ("paragraph", row["paragraph"])):
        if getattr(held, name) != value:
            raise Refusal(name, f"this is held already with another value ({getattr(held, name)}).")
    return None
