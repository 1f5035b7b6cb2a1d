"""The words, symbols and marks that this application itself uses, and what they mean; the glossary page shows them."""

from indicators.measurement import CONFIDENCE_WORDS, FLAG_WORDS, Basis, Confidence, Flag
from indicators.rag import MissingReason, Rating, missing_words, words

OWN_WORDS = (
    ("Period", "A month, a quarter or a financial year from April to March. 2021/22 Q4 is January to March 2022."),
    ("Indicator", "A measure with one meaning at a time: what is counted, out of what, in which unit, and which way is "
                  "better. A changed meaning is a new version, and old periods keep theirs."),
    ("Scorecard", "An ordered set of indicators, under themes, that somebody has the authority to ask for."),
    ("Target", "The value to reach, in force from a period on. Old periods keep their old target."),
    ("Tolerance", "The second limit, on the worse side of the target. Both boundaries belong to the better class."),
    ("Return", "What one partner sends in for one scorecard and period. It is open, submitted, returned or approved."),
    ("Figure", "A number or the reason why there is none, with its source. A changed figure is a new revision; nothing "
               "is overwritten."),
    ("Rating", "How a figure stands: better than target, within tolerance or outside tolerance; or the reason why it "
               "is not judged."),
    ("Pack", "What one named meeting was given: chosen scorecards with every figure, rating and word as they stood. "
             "Once published it never changes."),
    ("As reported", "As a pack told it, word for word, whatever has become of the figures since."),
    ("As at", "As it was approved and known at the end of a day in London."),
    ("Restated", "Corrected after it was told to a meeting; both values stand, with the reason and whether the rating "
                 "changes."),
    ("Relief", "An agreement that a target is not held against a partner for some periods. The real rating stays."),
    ("Value only", "The source gives the value, but not the numerator and denominator it was worked out from."),
    ("Query", "A figure that its own source contradicts. Both statements stand beside it until somebody answers."),
    ("Caution", "The partner or the paper says that the data behind a figure need care."),
    ("Break in series", "A day from which figures are counted in another way; nothing is compared across it."),
    ("Special cause", "A figure that its own ups and downs hardly explain: beyond a control limit, or part of a run, a "
                      "trend or two of three near a limit. Something changed; the figure does not say what."),
    ("Variation", "Whether the latest figure is a special cause, improving, of concern or neither way better, or no "
                  "more than the usual ups and downs."),
    ("Assurance", "Whether the target will be met if nothing changes: reliably, never, or in some periods only."),
    ("Control limits", "Between them nearly all figures lie while nothing changes. They need 13 figures in a row that "
                       "do not overlap."),
    ("Forecast", "Where a coming figure lies in 8 of 10 cases if nothing changes, as a band. It is no figure, is kept "
                 "as it was said, and stands beside the figure once that has come."),
    ("Rung", "A kind of place where children in care live, in the order of the care ladder: from homes to families."),
    ("Run-rate", "What the year would cost if every night cost what the nights so far cost on average."),
    ("Full-year effect", "What the placements that are known today cost next year beyond what they cost this year."),
    ("P10, P50, P90", "A tenth, half and nine tenths of the runs of a projection cost no more than this amount. Eight "
                      "of ten runs lie between P10 and P90."),
    ("Mix", "The part of a difference of cost that comes from other shares of children on dear and on cheap rungs than "
            "were planned. Volume is how many children there are, price what each costs."),
)  # fmt: skip

RATING_MEANINGS = (
    (
        Rating.OUTSIDE,
        words(Rating.OUTSIDE),
        "Beyond the tolerance; where none is set, on the worse side of the target.",
    ),
    (Rating.WITHIN, words(Rating.WITHIN), "The target is missed, but by no more than the tolerance allows."),
    (Rating.BETTER, words(Rating.BETTER), "The target is met or passed; exactly on target counts as better."),
    (Rating.NOT_JUDGED, "Not judged", "There is no figure, no target or no direction; the tag names the reason."),
)

_MISSING_MEANINGS = {
    MissingReason.CONFIDENTIAL: "The number is known, but could identify a person.",
    MissingReason.NOT_APPLICABLE: "The indicator does not apply in this period.",
    MissingReason.NOT_AVAILABLE: "The number is not available.",
    MissingReason.LOW: "The number is not 0, but rounds to nothing.",
    MissingReason.NO_COHORT: "Nobody was in the group that is counted: 0 of 0 is no share.",
    MissingReason.NOT_YET_DUE: "The number is not expected yet.",
    MissingReason.NOT_REPORTABLE: "The number cannot be given; a coded reason says why, and who puts it right by when.",
    MissingReason.NARRATIVE_ONLY: "The source tells it in words and gives no number for the indicator.",
}

_FLAG_MEANINGS = {
    Flag.PROVISIONAL: "The number may still change.",
    Flag.REVISED: "The number has been changed since it was first given.",
    Flag.BREAK: "From this number on the series is counted in another way.",
    Flag.LOW_RELIABILITY: "The number rests on few cases or weak data.",
    Flag.APPROXIMATE: "The source gives the number as approximate, or counts are rounded so that nobody is told of.",
}

_CONFIDENCE_MEANINGS = {
    Confidence.HIGH: "The partner trusts the data.",
    Confidence.CAUTION: "The data need care; the reason and what is being done about it stand beside the figure.",
    Confidence.LOW: "The data are weak; the figure is shown because there is no better one.",
}

_BASIS_WORDS = {
    Basis.DERIVED: ("Worked out", "Numerator divided by denominator, each time it is shown."),
    Basis.VALUE_ONLY: ("Value only", "Entered as a value; no numerator and denominator are held."),
    Basis.STATED: ("Stated in a paper", "Printed in a published paper, and shown and judged as printed."),
    Basis.STATED_OUTCOME: ("Outcome stated without a number", "A paper says that the target was met or not, no more."),
    Basis.MISSING: ("No number", "The reason stands in its place."),
}


def basis_words(basis: Basis) -> str:
    """Where a number comes from, in words."""
    return _BASIS_WORDS[basis][0]


def symbols() -> list[tuple[str, str, str]]:
    """Code, words and meaning of every reason for no number."""
    return [(reason.value, missing_words(reason), _MISSING_MEANINGS[reason]) for reason in MissingReason]


def flags() -> list[tuple[str, str, str]]:
    """Code, words and meaning of every flag beside a number."""
    return [(flag.value, FLAG_WORDS[flag], _FLAG_MEANINGS[flag]) for flag in Flag]


def confidences() -> list[tuple[str, str, str]]:
    """Code, words and meaning of every degree of confidence in the data."""
    return [(degree.value, CONFIDENCE_WORDS[degree], _CONFIDENCE_MEANINGS[degree]) for degree in Confidence]


def bases() -> list[tuple[str, str, str]]:
    """Code, words and meaning of everything that a number can rest on."""
    return [(basis.value, *_BASIS_WORDS[basis]) for basis in Basis]
