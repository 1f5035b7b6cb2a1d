"""Meetings of bodies: agenda, papers, who was there, what was declared, asked, minuted and resolved."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from finance.models.printed import Printed, typed_or_printed
from finance.models.registers import Precision
from indicators.models import Partner, Partnership, Text
from partnership.models.bodies import Body, Seat
from partnership.models.documents import StoredDocument
from partnership.models.packs import Pack


class Meeting(Printed):
    """One meeting of a body. Where it stands is the last of its steps, kept here for lists."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        CALLED = "called", "Agenda published"
        HELD = "held", "Held"
        MINUTED = "minuted", "Draft minutes published"
        CONFIRMED = "confirmed", "Minutes confirmed"
        CANCELLED = "cancelled", "Cancelled"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="meetings")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    code = models.SlugField(max_length=90)
    on = models.DateField(help_text="The day; the first of the month where no day is stated.")
    precision = models.CharField(
        max_length=6,
        choices=[c for c in Precision.choices if c[0] in {Precision.DAY, Precision.MONTH}],
        default=Precision.DAY,
    )
    starts_at = models.TimeField(null=True, blank=True)
    venue = models.CharField(max_length=200, blank=True)
    in_public = models.BooleanField(null=True, blank=True, help_text="Empty: not stated.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    agenda_issued_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=600, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Goes up with every change of agenda or record.")

    class Meta:
        ordering = ["-on", "body"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="meeting_code_unique"),
            models.UniqueConstraint(
                fields=["body", "on"], condition=~Q(state="cancelled"), name="meeting_of_body_once_a_day"
            ),
            typed_or_printed("meeting_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.code


class MeetingStep(models.Model):
    """One thing that was done with a meeting: who, when, why. Append-only."""

    class Action(models.TextChoices):
        PLANNED = "planned", "Planned"
        MOVED = "moved", "Moved to another day"
        CALLED = "called", "Agenda published"
        LATE_PAPER = "late_paper", "Late item or paper added"
        HELD = "held", "Recorded as held"
        MINUTED = "minuted", "Draft minutes published"
        CONFIRMED = "confirmed", "Minutes confirmed"
        CANCELLED = "cancelled", "Cancelled"
        SPEAKER_DELETED = "speaker_deleted", "Name of a speaker deleted"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="steps")
    action = models.CharField(max_length=15, choices=Action.choices)
    at_meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="confirmations", null=True, blank=True,
        help_text="The meeting that confirmed the minutes.",
    )  # fmt: skip
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["meeting", "pk"]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.get_action_display()}"


class AgendaItem(Printed):
    """One item of an agenda, in its place; exempt ones under their paragraph of Schedule 12A."""

    class Kind(models.TextChoices):
        APOLOGIES = "apologies", "Apologies for absence"
        EXCLUSION = "exclusion", "Exclusion of the public and press"
        DECLARATIONS = "declarations", "Declarations of interest"
        MINUTES = "minutes", "Minutes of an earlier meeting"
        STATEMENTS = "statements", "Public statements"
        MATTERS_ARISING = "matters_arising", "Matters arising and actions"
        REPORT = "report", "Report"
        EXCEPTION = "exception", "Exception report"
        URGENT = "urgent", "Urgent business"

    class Function(models.TextChoices):
        GENERAL = "general", "General"
        EDUCATION = "education", "Education"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=8, help_text="Its number as printed.")
    kind = models.CharField(max_length=15, choices=Kind.choices)
    title = models.CharField(max_length=300)
    function = models.CharField(
        max_length=9, choices=Function.choices, default=Function.GENERAL,
        help_text="Co-opted members with a limited vote vote on education only.",
    )  # fmt: skip
    lead_role = models.CharField(max_length=160, blank=True)
    earlier_meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="The meeting whose minutes are taken.",
    )  # fmt: skip
    is_exempt = models.BooleanField(default=False)
    exempt_paragraph = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Paragraph 1 to 7 of Part 1 of Schedule 12A, Local Government Act 1972."
    )
    exempt_interest = models.CharField(
        max_length=300, blank=True, help_text="Why the public interest in the exemption outweighs that in disclosing."
    )
    added_on = models.DateField(null=True, blank=True, help_text="Where it came after the agenda was issued.")
    urgency = models.CharField(max_length=300, blank=True, help_text="The chair's reason for urgency.")

    class Meta:
        ordering = ["meeting", "order"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "order"], name="agenda_item_order_unique"),
            models.UniqueConstraint(fields=["meeting", "label"], name="agenda_item_label_unique"),
            models.CheckConstraint(
                condition=Q(is_exempt=False, exempt_paragraph__isnull=True, exempt_interest="")
                | (Q(is_exempt=True, exempt_paragraph__range=(1, 7)) & ~Q(exempt_interest="")),
                name="agenda_item_exempt_says_why",
            ),
            typed_or_printed("agenda_item_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.label}. {self.title}"


class Paper(Printed):
    """A pack or a file under an item. Nobody reads it before its embargo ends but who prepares the meeting."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="papers")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    pages = models.CharField(max_length=40, blank=True, help_text="As printed in the agenda.")
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="papers", null=True, blank=True)
    document = models.ForeignKey(StoredDocument, on_delete=models.PROTECT, related_name="papers", null=True, blank=True)
    available_on = models.DateField(
        null=True, blank=True, help_text="The day it was given out; empty: with the agenda."
    )
    urgency = models.CharField(max_length=300, blank=True, help_text="The chair's reason for a late paper.")
    embargo_until = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["item", "order"]
        constraints = [
            models.UniqueConstraint(fields=["item", "order"], name="paper_order_unique"),
            models.CheckConstraint(
                condition=Q(pack__isnull=True) | Q(document__isnull=True), name="paper_is_a_pack_or_a_file"
            ),
            typed_or_printed("paper_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(Printed):
    """Who was at a meeting, as what, and for which of its items."""

    class Status(models.TextChoices):
        PRESENT = "present", "Present"
        SUBSTITUTE = "substitute", "Present as a substitute"
        APOLOGIES = "apologies", "Apologies"
        ABSENT = "absent", "Absent"
        IN_ATTENDANCE = "in_attendance", "In attendance"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    order = models.PositiveSmallIntegerField()
    seat = models.ForeignKey(
        Seat, on_delete=models.PROTECT, related_name="attendances", null=True, blank=True,
        help_text="Empty for who has no seat on the body.",
    )  # fmt: skip
    who = models.CharField(max_length=160, help_text="Role or office.")
    organisation_words = models.CharField(max_length=160, blank=True)
    status = models.CharField(max_length=13, choices=Status.choices)
    took_chair = models.BooleanField(default=False)
    arrived_for = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="The first item attended; empty: from the start.",
    )  # fmt: skip
    left_before = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="The first item not attended any more; empty: to the end.",
    )  # fmt: skip

    class Meta:
        ordering = ["meeting", "order"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "order"], name="attendance_order_unique"),
            models.UniqueConstraint(
                fields=["meeting", "seat"], condition=Q(seat__isnull=False), name="attendance_once_a_seat"
            ),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(took_chair=True), name="attendance_one_in_the_chair"
            ),
            typed_or_printed("attendance_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.get_status_display()}"


class Declaration(Printed):
    """An interest that somebody declared, in an item or in general, and whether they withdrew."""

    class Kind(models.TextChoices):
        PECUNIARY = "pecuniary", "Disclosable pecuniary interest"
        OTHER = "other", "Other interest"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="declarations")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="declarations", null=True, blank=True)
    attendance = models.ForeignKey(
        Attendance, on_delete=models.PROTECT, related_name="declarations", null=True, blank=True
    )
    kind = models.CharField(max_length=9, choices=Kind.choices)
    nature = models.CharField(max_length=300)
    withdrew = models.BooleanField(default=False)

    class Meta:
        ordering = ["meeting", "pk"]
        constraints = [typed_or_printed("declaration_typed_or_printed")]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.get_kind_display()}"


class PublicStatement(Printed):
    """A statement by a member of the public: its topic, and the answer owed. Names are kept only where allowed."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="public_statements")
    order = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=300)
    minutes_long = models.PositiveSmallIntegerField(null=True, blank=True)
    speaker = models.CharField(max_length=120, blank=True, help_text="Restricted; deleted after its day.")
    speaker_until = models.DateField(null=True, blank=True)
    answer_owed = models.BooleanField(default=False)
    answer_owner = models.CharField(max_length=160, blank=True)
    answer_due_on = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answer = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["meeting", "order"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "order"], name="public_statement_order_unique"),
            models.CheckConstraint(condition=Q(order__range=(1, 5)), name="public_statement_five_at_most"),
            models.CheckConstraint(
                condition=Q(speaker="", speaker_until__isnull=True) | (~Q(speaker="") & Q(speaker_until__isnull=False)),
                name="public_statement_name_has_an_end",
            ),
            typed_or_printed("public_statement_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: statement {self.order}"


class MemberQuestion(Printed):
    """A question that members asked at a meeting, and the written answer owed where it was not answered there."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=300)
    asked_by = models.CharField(max_length=160, blank=True)
    answered_at_meeting = models.BooleanField(default=False)
    answer_owner = models.CharField(max_length=160, blank=True)
    answer_due_on = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answer = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["item", "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="member_question_number_unique"),
            typed_or_printed("member_question_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: question {self.number}"


class Minute(Printed):
    """What the minutes say under an item; the latest number holds. Append-only."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="minutes")
    number = models.PositiveSmallIntegerField()
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["item", "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="minute_number_unique"),
            typed_or_printed("minute_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: minute {self.number}"


class Resolution(Printed):
    """What a meeting resolved under an item. Append-only: a correction is a new one that names the old."""

    class Kind(models.TextChoices):
        NOTED = "noted", "Noted: no action"
        RESOLVED = "resolved", "Resolved"
        RECOMMENDED = "recommended", "Recommended to the executive"
        EXCLUDED = "excluded", "Public and press excluded"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="resolutions")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="resolutions")
    number = models.CharField(max_length=20, help_text="Year of the meeting and running number: 2015-4.")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+")
    mover = models.CharField(max_length=160, blank=True)
    seconder = models.CharField(max_length=160, blank=True)
    by_consent = models.BooleanField(null=True, blank=True, help_text="Empty: not stated.")
    votes_for = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(null=True, blank=True)
    abstained = models.PositiveSmallIntegerField(null=True, blank=True)
    owner_role = models.CharField(max_length=160, blank=True)
    owner_partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="resolutions", null=True, blank=True
    )
    addressed_to = models.ForeignKey(
        Body, on_delete=models.PROTECT, related_name="recommendations", null=True, blank=True
    )
    response_due_on = models.DateField(null=True, blank=True, help_text="Two months after a recommendation is given.")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="corrected_by", null=True, blank=True
    )

    class Meta:
        ordering = ["item", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="resolution_number_unique"),
            models.CheckConstraint(
                condition=Q(votes_for__isnull=True, votes_against__isnull=True, abstained__isnull=True)
                | Q(votes_for__isnull=False, votes_against__isnull=False),
                name="resolution_votes_together",
            ),
            models.CheckConstraint(
                condition=Q(votes_for__isnull=True) | Q(by_consent__isnull=True) | Q(by_consent=False),
                name="resolution_by_consent_or_vote",
            ),
            models.CheckConstraint(
                condition=Q(votes_for__isnull=True) | Q(votes_for__gte=F("votes_against")),
                name="resolution_was_carried",
            ),
            models.CheckConstraint(
                condition=~Q(kind="recommended") | Q(addressed_to__isnull=False, response_due_on__isnull=False),
                name="resolution_recommendation_has_a_clock",
            ),
            typed_or_printed("resolution_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"Resolution {self.number}"


class ResolutionResponse(Printed):
    """What the executive answered to a recommendation. Append-only."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        PARTLY = "partly", "Accepted in part"
        REJECTED = "rejected", "Not accepted"

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="responses")
    on = models.DateField()
    answer = models.CharField(max_length=8, choices=Answer.choices)
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["resolution", "pk"]
        constraints = [typed_or_printed("resolution_response_typed_or_printed")]

    def __str__(self) -> str:
        return f"{self.resolution}: {self.get_answer_display()}"
