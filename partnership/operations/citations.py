"""Keeps what actions, resolutions and exception reports rest on: a figure as it was reported then."""

from dataclasses import dataclass
from datetime import datetime

from indicators.models import Figure, Period, ScorecardLine, User
from indicators.operations.basics import hold, known_on, operation
from indicators.operations.errors import InputRefused, NotAllowed
from indicators.permissions import Access, access_for
from indicators.roles import Permission
from partnership.citation_words import Value
from partnership.models import Action, AgendaItem, Citation, ExceptionRequest, Pack, Resolution
from partnership.selectors.citations import approved_value, told_by_pack
from partnership.selectors.visible import actions_for, readable_lines, resolutions_for


@dataclass(frozen=True)
class Then:
    """A figure as it was reported at a moment: in words, its revision, and the pack that told it."""

    value: Value
    figure: Figure | None
    pack: Pack | None


def reported_then(line: ScorecardLine, period: Period, *, at: datetime, item: AgendaItem | None = None) -> Then:
    """What was reported of a line for a period by that moment: by a pack that hangs on the item's meeting, else by the
    latest published pack that carries it, else as it is approved. Raises InputRefused where nothing is."""
    told = told_by_pack(line, period, at=at, item=item)
    if told is not None:
        return Then(*told)
    found = approved_value(line, period, today=known_on(at))
    if found is None:
        raise InputRefused("period", "Nothing is reported for this indicator in this period. Choose another period.")
    value, figure_id = found
    return Then(value, Figure.objects.filter(pk=figure_id or 0).first(), None)


@operation
def cite(
    *, of: Action | Resolution, line: ScorecardLine, period: Period, by: User, at: datetime,
) -> Citation:  # fmt: skip
    """Keeps that an action or a resolution rests on a figure, as it was reported by now; one that it rests on already
    is given back.

    Raises NotAllowed for who does not keep meetings, may not read the thing or not the figure; InputRefused where
    nothing is reported.
    """
    access = access_for(by, of.partnership, known_on(at))
    if not access.can(Permission.MANAGE_MEETINGS):
        raise NotAllowed("Only who keeps meetings may say what figure an action or a resolution rests on.")
    readable = actions_for if isinstance(of, Action) else resolutions_for
    if not readable(access, of.partnership).filter(pk=of.pk).exists():
        raise NotAllowed("There is no such action or resolution for you.")
    check_line(access, of.partnership_id, line)
    return kept_citation(of, line, period, at=at, item=of.item)


def check_line(access: Access, partnership_id: int, line: ScorecardLine) -> None:
    """Raises InputRefused for a line of another partnership, or one that the person may not read."""
    if line.scorecard.partnership_id != partnership_id or not readable_lines(access).filter(pk=line.pk).exists():
        raise InputRefused("line", "Choose among the indicators that you may read.")


def kept_citation(
    of: Action | Resolution | ExceptionRequest, line: ScorecardLine, period: Period, *, at: datetime,
    item: AgendaItem | None = None,
) -> Citation:  # fmt: skip
    """The citation, written inside the caller's transaction. Raises InputRefused where nothing is reported."""
    names = {Action: "action", Resolution: "resolution", ExceptionRequest: "exception"}
    owner = {names[type(of)]: of}
    hold(type(of), of.pk)
    before = Citation.objects.filter(**owner, line=line, period=period).first()
    if before is not None:
        return before
    then = reported_then(line, period, at=at, item=item)
    return Citation.objects.create(
        **owner, line=line, period=period, figure=then.figure, pack=then.pack, value_words=then.value.value[:120],
        rating=then.value.rating, at=at,
    )  # fmt: skip
