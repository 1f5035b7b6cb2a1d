"""Lists 1 to 5: contacts, early help assessments, referrals, assessments, section 47 enquiries and conferences."""

from referrals.annex_a import dimensions as by
from referrals.annex_a import fields as f
from referrals.annex_a.measures.declared import Durations, Measure, OpenLate
from referrals.annex_a.terms import (
    Span,
    at_least,
    dated,
    ended,
    had_not,
    lasting,
    limit_of,
    none_of,
    open_at_end,
    yes,
)
from referrals.timescales import ASSESSMENT_BANDS, CONFERENCE_BANDS

_BANDS = "Characteristics of children in need, Department for Education"
_D2I = "D2I, Annex A measures"

_HELP = Span(f.HELP_START, f.HELP_END, is_working=True)
_ASSESSMENT = Span(f.ASSESSED_FROM, f.ASSESSED_TO, is_working=True)
_OPEN_ASSESSMENT = Span(f.ASSESSED_FROM, is_working=True)
_CONFERENCE = Span(f.STRATEGY_ON, f.CONFERENCE_ON, is_working=True)
_WAIT_FOR_CONFERENCE = Span(f.STRATEGY_ON, is_working=True)

_45, _20, _15 = limit_of("single-assessment-from-start"), limit_of("single-assessment-20-days"), limit_of("icpc")
_FROM_START = (
    "The clock of the guidance starts at the referral. List 4 holds no date of referral, so here it starts when the "
    "assessment starts, which can be later: the share is kinder than one counted from the referral."
)
_AS_THE_FILE_COUNTS = (
    "The number is taken as the file gives it: a system that counts the present one as well would make every row a "
    "repeat."
)

_REFERRED = dated(f.REFERRED_ON)
_ASSESSED = ended(f.ASSESSED_TO)
_ENQUIRED = dated(f.STRATEGY_ON)
_CONFERRED = ended(f.CONFERENCE_ON)
_OPEN_ASSESSMENTS = open_at_end(f.ASSESSED_FROM, f.ASSESSED_TO)

MEASURES: tuple[Measure, ...] = (
    # List 1
    Measure(
        "contacts", "Contacts", 1, (dated(f.CONTACT_ON),), by=(by.CONTACT_SOURCE, *by.PERSON),
        indicator="contacts", source=_D2I,
    ),
    Measure("contacts-children", "Children with a contact", 1, (dated(f.CONTACT_ON),), once=f.CHILD, source=_D2I),
    # List 2
    Measure(
        "early-help-assessments-started", "Early help assessments started", 2, (dated(f.HELP_START),), by=by.PERSON,
        source=_D2I,
    ),
    Measure(
        "early-help-assessments-completed", "Early help assessments completed", 2, (ended(f.HELP_END),), source=_D2I,
    ),
    Measure(
        "early-help-assessments-open", "Early help assessments open", 2, (open_at_end(f.HELP_START, f.HELP_END),),
        source=_D2I,
    ),
    # List 3
    Measure(
        "referrals", "Referrals", 3, (_REFERRED,), by=(by.REFERRAL_SOURCE, by.REFERRAL_OUTCOME, *by.PERSON),
        indicator="referrals", source="Report 003 §17",
    ),
    Measure("referrals-children", "Children with a referral", 3, (_REFERRED,), once=f.CHILD, source=_D2I),
    Measure(
        "referrals-no-further-action", "Referrals with no further action", 3, (_REFERRED,),
        counted=(yes(f.NO_FURTHER_ACTION, "there was no further action"),), by=(by.REFERRAL_SOURCE,),
        indicator="referrals-no-further-action", source=_D2I,
    ),
    Measure(
        "referrals-no-further-action-share", "Share of referrals with no further action", 3, (_REFERRED,), "share",
        (yes(f.NO_FURTHER_ACTION, "there was no further action"),), source=_D2I,
    ),
    Measure(
        "re-referrals", "Re-referrals within 12 months", 3, (_REFERRED,), counted=(at_least(f.EARLIER_REFERRALS, 1),),
        by=(by.REFERRAL_SOURCE, *by.PERSON), indicator="re-referrals", source="Report 003 §22",
        note=_AS_THE_FILE_COUNTS,
    ),
    Measure(
        "re-referrals-12-months", "Share of referrals that are re-referrals within 12 months", 3, (_REFERRED,), "share",
        (at_least(f.EARLIER_REFERRALS, 1),), indicator="re-referrals-12-months", source="Report 003 §22",
        note=_AS_THE_FILE_COUNTS,
    ),
    # List 4
    Measure(
        "assessments-started", "Assessments started", 4, (dated(f.ASSESSED_FROM),), by=by.PERSON_DISABILITY,
        indicator="assessments-started", source="Report 003 §24",
    ),
    Measure(
        "assessments-completed", "Assessments completed", 4, (_ASSESSED,),
        by=(by.ASSESSMENT_LENGTH, *by.PERSON_DISABILITY),
        indicator="assessments-completed", source="Report 003 §24",
    ),
    Measure(
        "assessments-open", "Assessments open", 4, (_OPEN_ASSESSMENTS,), by=by.PERSON_DISABILITY,
        indicator="assessments-open", source=_D2I,
    ),
    Measure(
        "assessments-45-days", f"Assessments completed within {_45} working days", 4, (_ASSESSED,), "share",
        (lasting(_ASSESSMENT, 0, _45),), indicator="assessments-45-days", source="Report 003 §24", note=_FROM_START,
    ),
    Measure(
        "assessments-20-days", f"Assessments completed within {_20} working days", 4, (_ASSESSED,), "share",
        (lasting(_ASSESSMENT, 0, _20),), indicator="assessments-under-20-days", source="Report 003 §74",
        note=f"The report writes “less than {_20} days”; day {_20} counts as within, as in the official band 11 to 20. "
        + _FROM_START,
    ),
    Measure(
        "assessments-days", "Median length of completed assessments", 4, (_ASSESSED,), "median", span=_ASSESSMENT,
        source=_BANDS, note=_FROM_START,
    ),
    Measure(
        "assessments-child-seen", "Assessments in which the child was seen", 4, (_ASSESSED,), "share",
        (yes(f.SEEN_IN_ASSESSMENT, "the child was seen"),), source="Report 003 §24",
    ),
    Measure(
        "assessments-support-required", "Assessments after which support is required", 4, (_ASSESSED,), "share",
        (yes(f.NEEDS_SUPPORT, "support by children’s social care is required"),), source="Report 003 §26",
        note="All assessments; the report’s 68% is of those of the Assessment Service, which the file does not tell "
        "apart.",
    ),
    # List 5
    Measure(
        "s47-enquiries", "Section 47 enquiries started", 5, (_ENQUIRED,), by=by.PERSON_DISABILITY,
        indicator="s47-enquiries", source="Report 003 §31",
        note="One row is one child’s enquiry: a child with two enquiries in the period counts twice.",
    ),
    Measure(
        "s47-children", "Children with a section 47 enquiry started", 5, (_ENQUIRED,), once=f.CHILD,
        source="Report 003 §31",
    ),
    Measure(
        "s47-repeat", "Enquiries about a child with another in the last 12 months", 5, (_ENQUIRED,), "share",
        (at_least(f.EARLIER_ENQUIRIES, 1),), source=_D2I, note=_AS_THE_FILE_COUNTS,
    ),
    Measure(
        "icpc-not-required", "Enquiries after which no conference was required", 5, (_ENQUIRED,), "share",
        (yes(f.NOT_REQUIRED, "a conference was deemed unnecessary"),), source=_D2I,
    ),
    Measure(
        "icpc-convened", "Initial child protection conferences held", 5, (_CONFERRED,), by=by.PERSON_DISABILITY,
        indicator="icpc-convened", source="Report 003 §31", note="Counts children: brothers and sisters each count.",
    ),
    Measure(
        "icpc-15-days", f"Initial conferences held within {_15} working days", 5, (_CONFERRED,), "share",
        (lasting(_CONFERENCE, 0, _15),), indicator="icpc-15-days", source="Report 003 §31",
    ),
    Measure(
        "icpc-led-to-plan", "Initial conferences that led to a protection plan", 5, (_CONFERRED,), "share",
        (yes(f.LED_TO_PLAN, "the conference led to a plan"),), source=_D2I,
    ),
)  # fmt: skip

DURATIONS: tuple[Durations, ...] = (
    Durations(
        "early-help-assessment-length", "Length of early help assessments completed", 2, (ended(f.HELP_END),), _HELP,
        ASSESSMENT_BANDS,
    ),
    Durations(
        "assessment-length", "Length of assessments completed", 4, (_ASSESSED,), _ASSESSMENT, ASSESSMENT_BANDS,
        "single-assessment-from-start", source=_BANDS,
    ),
    Durations(
        "assessment-open", "How long open assessments have been open", 4, (_OPEN_ASSESSMENTS,), _OPEN_ASSESSMENT,
        ASSESSMENT_BANDS, "single-assessment-from-start", source=_BANDS,
    ),
    Durations(
        "icpc-wait", "From the strategy discussion to the conference", 5, (_CONFERRED,), _CONFERENCE, CONFERENCE_BANDS,
        "icpc", source=_BANDS,
    ),
)  # fmt: skip

OPEN_LATE: tuple[OpenLate, ...] = (
    OpenLate(
        "assessments-open-late", f"Open assessments past {_45} working days", 4, "single-assessment-from-start",
        (_OPEN_ASSESSMENTS,), lasting(_OPEN_ASSESSMENT, _45 + 1), note=_FROM_START,
    ),
    OpenLate(
        "icpc-open-late", f"Enquiries without a conference {_15} working days after the strategy discussion", 5, "icpc",
        (
            had_not(f.CONFERENCE_ON),
            none_of(f.NOT_REQUIRED, "it is not said that a conference was unnecessary", "yes"),
        ),
        lasting(_WAIT_FOR_CONFERENCE, _15 + 1),
        note="An enquiry that ended without a conference and does not say so counts as late.",
    ),
)  # fmt: skip
