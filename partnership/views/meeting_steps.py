"""What who prepares meetings does with them: one page for each step, with a form, a button and a way back."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from indicators.envelope import keeps_typed, sent_only, sent_or_kept
from indicators.models import Partnership
from indicators.operations import OperationError
from indicators.operations.errors import NothingChanged
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.typed_text import whole_number
from indicators.views.return_entry import new_key, sent_key, sent_version
from partnership.forms import meetings as plan
from partnership.forms import minutes as record
from partnership.meeting_dates import MONTH, NoCalendar, remarks
from partnership.models import AgendaItem, Meeting, MemberQuestion, PublicStatement
from partnership.operations.agenda import place_item, remove_item
from partnership.operations.meeting_basics import PREPARING, RECORDING, MeetingChanged, State
from partnership.selectors import visible
from partnership.selectors.bodies import bodies_on
from partnership.selectors.meetings import meeting_of, not_yet, row_of


@dataclass(frozen=True)
class Step:
    """A page: its form, what it is called, what its button and its message say, and where a meeting must stand."""

    form: type[plan.StepForm]
    label: str
    button: str
    done: str
    states: tuple[str, ...]
    lead: str = ""


MEETING_STEPS = {
    "item": Step(plan.ItemForm, "Add an item", "Add the item", "The item is on the agenda.", PREPARING),
    "exceptions": Step(
        plan.ExceptionsForm, "Add exception reports", "Put them on the agenda",
        "The exception reports are on the agenda.", PREPARING,
    ),
    "publish": Step(
        plan.PublishForm, "Publish the agenda", "Publish the agenda", "The agenda is published.", (State.PLANNED,),
        "Everybody reads the agenda and its papers from then on, save what is exempt or under embargo. Items are then "
        "only added.",
    ),
    "move": Step(plan.MoveForm, "Move the meeting", "Move the meeting", "The meeting is moved.", PREPARING),
    "cancel": Step(plan.CancelForm, "Cancel the meeting", "Cancel the meeting", "The meeting is cancelled.", PREPARING),
    "held": Step(
        plan.HeldForm, "Record it as held", "Record it as held", "The meeting is recorded as held.", (State.CALLED,),
        "Then attendance, minutes and resolutions can be written. Everybody reads resolutions, statements and "
        "questions as they are recorded, attendance and minutes once the draft is published.",
    ),
    "attendance": Step(
        record.AttendanceForm, "Attendance", "Keep the attendance", "The attendance is recorded.", RECORDING
    ),
    "interest": Step(
        record.InterestForm, "Add an interest declared", "Keep the interest", "The interest is recorded.", RECORDING
    ),
    "statement": Step(
        record.StatementForm, "Add a public statement", "Keep the statement", "The statement is recorded.",
        (State.CALLED, *RECORDING), "Five at most, twenty minutes in all.",
    ),
    "publish-minutes": Step(
        record.PublishMinutesForm, "Publish the draft minutes", "Publish the draft minutes",
        "The draft minutes are published.", (State.HELD,), "They can be put right until a later meeting confirms them.",
    ),
    "confirm": Step(
        record.ConfirmForm, "Confirm the minutes", "Confirm the minutes", "The minutes are confirmed.",
        (State.MINUTED,), "From then on nothing of this meeting’s record can be changed.",
    ),
}  # fmt: skip
ITEM_STEPS = {
    "change": Step(
        plan.ChangeItemForm, "Change", "Change the item", "The item is changed.", (*PREPARING, *RECORDING),
        "Once the agenda is published an item can only be made exempt.",
    ),
    "minute": Step(record.MinuteForm, "Write minutes", "Keep the minutes", "The minutes are kept.", RECORDING),
    "resolution": Step(
        record.ResolutionForm, "Add a resolution", "Keep the resolution", "The resolution is recorded.", RECORDING
    ),
    "exclusion": Step(
        record.ExclusionForm, "Exclude the public", "Keep the resolution", "The resolution is recorded.", RECORDING,
        "Everybody reads this resolution.",
    ),
    "question": Step(
        record.QuestionForm, "Add a question", "Keep the question", "The question is recorded.", RECORDING
    ),
}  # fmt: skip
View = Callable[..., HttpResponse]


class ItemGone(Http404):
    """The item that the page of a form showed is not on the agenda any more."""


def writes(view: View) -> View:
    """For a page with a form of who prepares meetings."""
    return keeps_typed(
        requires(Permission.MANAGE_MEETINGS)(never_cache(require_http_methods(["GET", "HEAD", "POST"])(view)))
    )


def found_meeting(partnership: Partnership, code: str) -> Meeting:
    """The meeting of an address. Raises Http404."""
    meeting = meeting_of(partnership, code)
    if meeting is None:
        raise Http404("There is no such meeting.")
    return meeting


def day_remarks(meeting: Meeting, today: date) -> tuple[str, ...]:
    """What to know of the day of a meeting that is still prepared; of others nothing."""
    if meeting.state not in PREPARING or meeting.precision == MONTH:
        return ()
    return remarks(meeting.on, today, in_public=meeting.in_public, is_published=meeting.state != State.PLANNED)


def sent_item(request: HttpRequest) -> int | None:
    """The id of the item that the page of a form showed; None for a page that is only opened. The place of an item, by
    which addresses name it, can be another one's by the time that the form is sent."""
    return whole_number((sent_or_kept(request) or {}).get("of_item", ""))


def found_item(request: HttpRequest, meeting: Meeting, order: int) -> AgendaItem:
    """The item of an address or, where a form was sent, the one that its page showed, if the person may read it. Raises
    Http404; ItemGone where it was shown and is not there any more."""
    shown = sent_item(request)
    item = (
        visible.items_for(request.access, meeting.partnership).select_related("meeting__partnership")  # type: ignore[attr-defined]
        .filter(meeting=meeting, **({"order": order} if shown is None else {"pk": shown})).first()
    )  # fmt: skip
    if item is None:
        raise Http404("There is no such item.") if shown is None else ItemGone
    return item


def unless_gone(view: View) -> View:
    """For a page with a form of an item: where the item was taken off the agenda meanwhile, the meeting says so."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, partnership: Partnership, code: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, partnership, code, *args, **kwargs)
        except ItemGone:
            messages.error(
                request, "The item was taken off the agenda since you opened the page. Nothing was saved."
            )  # fmt: skip
            return redirect("meeting", partnership=partnership.slug, code=code)

    return wrapped


def form_page(
    request: HttpRequest, form: Any, *, title: str, button: str, back: str, done: str, name: str, lead: str = "",
    template: str = "governance/step.html", **more: Any,
) -> HttpResponse:  # fmt: skip
    """Shows the form, carries it out when it was sent, and goes back; a refusal stays on the page and, after another
    person's change, shows what stands there now. What was typed before a sign-in is still made from what it was."""
    shown, changed_since = getattr(form, "stamp", 0), ""
    key = sent_key(request) or new_key()
    kept = whole_number(getattr(request, "typed", {}).get("version", ""))
    if kept is not None and kept != shown:
        shown, changed_since = kept, getattr(form, "standing", "")
    if request.method == "POST" and form.is_valid():
        try:
            form.carry_out(by=request.user, at=request.now, key=key, version=sent_version(request))  # type: ignore[attr-defined]
        except MeetingChanged as refusal:
            changed_since = getattr(form, "standing", "")
            form.add_error(None, str(refusal))
        except NothingChanged as told:
            messages.warning(request, str(told))
            return redirect(back)
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, done)
            if isinstance(form, plan.MoveForm):
                warn_of_day(request, Meeting.objects.get(pk=form.meeting.pk))
            return redirect(back)
    elif request.method == "POST":
        shown = sent_version(request)  # what was refused for its words alone was still made from that version
    for name in request.FILES if form.errors else ():
        if name in form.fields and name not in form.errors:
            form.add_error(name, "Nothing was kept of the file. Choose it again.")
    context = {"form": form, "title": title, "button": button, "back": back, "name": name, "lead": lead,
               "key": key, "version": shown, "changed_since": changed_since}  # fmt: skip
    return render(request, template, context | more)


def warn_of_day(request: HttpRequest, meeting: Meeting | None) -> None:
    """Says what is odd about the day that a meeting was given."""
    for words in day_remarks(meeting, request.today) if meeting else ():  # type: ignore[attr-defined]
        messages.warning(request, words)


def _template(form: Any) -> str:
    return "governance/attendance.html" if isinstance(form, record.AttendanceForm) else "governance/step.html"


@writes
def meeting_step(request: HttpRequest, partnership: Partnership, code: str, step: str) -> HttpResponse:
    """One step with a meeting."""
    return _step(request, partnership, code, MEETING_STEPS.get(step))


@writes
@unless_gone
def item_step(request: HttpRequest, partnership: Partnership, code: str, order: int, step: str) -> HttpResponse:
    """One step with an item of a meeting."""
    return _step(request, partnership, code, ITEM_STEPS.get(step), order)


def _step(
    request: HttpRequest, partnership: Partnership, code: str, step: Step | None, order: int | None = None
) -> HttpResponse:
    if step is None:
        raise Http404("There is no such step.")
    meeting = found_meeting(partnership, code)
    back = reverse("meeting", args=[partnership.slug, code])
    item = None if order is None else found_item(request, meeting, order)
    if meeting.state not in step.states:
        messages.warning(request, f"{step.label}: not possible as this meeting stands ({meeting.get_state_display()}).")
        return redirect(back)
    slug = request.path.rstrip("/").rpartition("/")[2]
    if request.method != "POST" and (words := not_yet(meeting, request.today).get(slug)):  # type: ignore[attr-defined]
        messages.warning(request, words)
        return redirect(back)
    form = step.form(
        sent_or_kept(request), meeting=meeting, item=item, access=request.access, today=request.today  # type: ignore[attr-defined]
    )  # fmt: skip
    title = f"{item}: {step.label.lower()}" if item else step.label
    return form_page(
        request, form, title=title, button=step.button, back=f"{back}#item-{item.order}" if item else back,
        done=step.done, name=row_of(meeting).name, lead=step.lead, template=_template(form),
        of_item=item.pk if item else None,
    )  # fmt: skip


@writes
def meeting_new(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Plans a meeting, or a series whose days are shown before they are planned."""
    bodies = bodies_on(partnership, request.today)  # type: ignore[attr-defined]
    form = plan.PlanForm(sent_or_kept(request), bodies=bodies)
    days, key = (), sent_key(request) or new_key()
    if request.method == "POST" and form.is_valid():
        try:
            days = form.planned()
            if request.POST.get("action") == "plan" or len(days) == 1:
                made = form.plan(partnership, by=request.user, at=request.now, key=key)  # type: ignore[attr-defined]
                messages.success(request, _planned_words(len(made)))
                if not form.cleaned_data["until"]:
                    warn_of_day(request, made[0] if made else None)
                if len(made) == 1:
                    return redirect("meeting", partnership=partnership.slug, code=made[0].code)
                return redirect("meetings", partnership=partnership.slug)
        except NoCalendar as refusal:
            form.add_error("until", str(refusal))
        except OperationError as refusal:
            form.refuse(refusal)
    context = {"form": form, "key": key, "days": days if not form.errors else (),
               "back": reverse("meetings", args=[partnership.slug])}  # fmt: skip
    return render(request, "governance/meeting_new.html", context)


def _planned_words(number: int) -> str:
    if not number:
        return "Nothing more was planned: the body has a meeting on each of these days already."
    return "The meeting is planned." if number == 1 else f"{number} meetings are planned."


@sent_only("meeting", "partnership", "code")
@requires(Permission.MANAGE_MEETINGS)
def agenda_act(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """Moves an item up or down, or takes it off: what the button says."""
    meeting = found_meeting(partnership, code)
    action, _, place = request.POST.get("action", "").partition("-")
    order = whole_number(place)
    if order is None or action not in {"up", "down", "remove"}:
        messages.error(request, "Choose what to do with the item.")
        return redirect("meeting", partnership=partnership.slug, code=code)
    item = found_item(request, meeting, order)
    common = {"item": item, "version": sent_version(request), "by": request.user, "at": request.now}  # type: ignore[attr-defined]
    try:
        if action == "remove":
            remove_item(**common)
            messages.success(request, "The item is off the agenda.")
        else:
            place_item(is_up=action == "up", **common)
    except OperationError as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('meeting', args=[partnership.slug, code])}#agenda")


@writes
def statement_answer(request: HttpRequest, partnership: Partnership, code: str, number: int) -> HttpResponse:
    """The written answer to a public statement."""
    meeting = found_meeting(partnership, code)
    owed = PublicStatement.objects.select_related("meeting").filter(meeting=meeting, order=number).first()
    return _answer(request, partnership, meeting, owed, owed.topic if owed else "")


@writes
def question_answer(
    request: HttpRequest, partnership: Partnership, code: str, order: int, number: int
) -> HttpResponse:  # fmt: skip
    """The written answer to a question of members."""
    meeting = found_meeting(partnership, code)
    item = found_item(request, meeting, order)
    owed = MemberQuestion.objects.select_related("item__meeting").filter(item=item, number=number).first()
    return _answer(request, partnership, meeting, owed, owed.question if owed else "")


def _answer(
    request: HttpRequest, partnership: Partnership, meeting: Meeting, owed: Any, asked: str
) -> HttpResponse:  # fmt: skip
    if owed is None:
        raise Http404("There is no such question.")
    form = record.AnswerForm(sent_or_kept(request), owed=owed, initial={"on": request.today})  # type: ignore[attr-defined]
    return form_page(
        request, form, title="Written answer", button="Keep the answer", done="The answer is recorded.", lead=asked,
        back=reverse("meeting", args=[partnership.slug, meeting.code]),
        name=row_of(meeting).name,
    )  # fmt: skip
