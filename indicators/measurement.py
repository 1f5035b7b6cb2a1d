"""One measurement: a number with its parts, or the reason why there is none (decisions 4 to 6)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from indicators.rag import Measure, Missing, MissingReason, Number, StatedOutcome
from indicators.units import Unit, ratio


class Basis(StrEnum):
    """Where the number comes from."""

    DERIVED = "derived"
    VALUE_ONLY = "value_only"
    STATED = "stated"
    STATED_OUTCOME = "stated_outcome"
    MISSING = "missing"


class Flag(StrEnum):
    """A mark beside a number that does not stop it being judged."""

    PROVISIONAL = "p"
    REVISED = "r"
    BREAK = "b"
    LOW_RELIABILITY = "u"
    APPROXIMATE = "e"


class Confidence(StrEnum):
    """How far the partner trusts the data behind a figure."""

    HIGH = "high"
    CAUTION = "caution"
    LOW = "low"


class NotReportableCode(StrEnum):
    """Why a figure is not reportable."""

    SYSTEM_CHANGE = "system_change"
    DEFINITION_COMPLEX = "definition_complex"
    DATA_VALIDATION = "data_validation"
    TOOL_NOT_IN_SYSTEM = "tool_not_in_system"
    START_DATE_UNRELIABLE = "start_date_unreliable"
    SMALL_NUMBERS = "small_numbers"
    OTHER = "other"


class Correction(StrEnum):
    """Why a figure that was approved before is corrected."""

    LATE_RECORDS = "late_records"
    RECORDING = "recording"
    VALIDATION = "validation"
    CALCULATION = "calculation"
    DEFINITION = "definition"
    TRANSCRIPTION = "transcription"
    OTHER = "other"
    DEMONSTRATION = "demonstration"

    @property
    def is_choice(self) -> bool:
        """Whether a person may choose it; the demonstration's own is not for people."""
        return self is not Correction.DEMONSTRATION


CORRECTION_WORDS = {
    Correction.LATE_RECORDS: "Records came in late",
    Correction.RECORDING: "Records were wrong and have been put right",
    Correction.VALIDATION: "Provisional data have been validated",
    Correction.CALCULATION: "It was worked out wrongly",
    Correction.DEFINITION: "The definition was not followed",
    Correction.TRANSCRIPTION: "It was copied wrongly",
    Correction.OTHER: "Another reason, given in words",
    Correction.DEMONSTRATION: (
        "Demonstration: worked out by this project from the report’s own numbers, not made by the council or the Trust"
    ),
}

FLAG_WORDS = {
    Flag.PROVISIONAL: "Provisional",
    Flag.REVISED: "Revised",
    Flag.BREAK: "Break in series",
    Flag.LOW_RELIABILITY: "Low reliability",
    Flag.APPROXIMATE: "Approximate",
}

CONFIDENCE_WORDS = {Confidence.HIGH: "High", Confidence.CAUTION: "Caution", Confidence.LOW: "Low"}

NOT_REPORTABLE_WORDS = {
    NotReportableCode.SYSTEM_CHANGE: "The case system changed",
    NotReportableCode.DEFINITION_COMPLEX: "The timescale is too complex to calculate",
    NotReportableCode.DATA_VALIDATION: "The data are being validated",
    NotReportableCode.TOOL_NOT_IN_SYSTEM: "The tool was not yet in the case system",
    NotReportableCode.START_DATE_UNRELIABLE: "The start date is unreliable",
    NotReportableCode.SMALL_NUMBERS: "Too few cases for a meaningful figure",
    NotReportableCode.OTHER: "Another reason",
}

QUALIFIERS = ("", "<", ">", "~")


@dataclass(frozen=True)
class Measured:
    """The numbers of a figure as they are stored; the value of a derived one is worked out, never kept."""

    basis: Basis
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    qualifier: str = ""
    quantum: Decimal | None = None
    missing_reason: MissingReason | None = None
    stated_met: bool | None = None

    def number(self, unit: Unit) -> Decimal | None:
        """The value in the unit at full precision; None where there is none."""
        if self.basis is Basis.DERIVED and self.numerator is not None and self.denominator:
            # A page asks several times for the same; dividing to sixty digits is not done anew.
            worked: tuple[Unit, Decimal] | None = self.__dict__.get("_worked")
            if worked is None or worked[0] is not unit:
                worked = self.__dict__["_worked"] = (unit, ratio(self.numerator, self.denominator, unit))
            return worked[1]
        return self.value

    def places(self, usual: int) -> int:
        """Digits after the point: as printed where a paper printed the value, else as is usual for the indicator."""
        if self.quantum is None:
            return usual
        return max(0, -int(self.quantum.normalize().as_tuple().exponent))

    def measure(self, unit: Unit) -> Measure:
        """What the judge is given."""
        if self.basis is Basis.STATED_OUTCOME:
            return StatedOutcome(met=bool(self.stated_met))
        if self.basis is Basis.MISSING:
            return Missing(self.missing_reason or MissingReason.NOT_AVAILABLE)
        value = self.number(unit)
        if value is None:
            return None
        upper = Decimal(100) if unit is Unit.PERCENT else None
        return Number(value, qualifier=self.qualifier, quantum=self.quantum, upper=upper)

    def contradiction(self, unit: Unit) -> Decimal | None:
        """What a stated figure's own parts give, when that differs from what is printed by more than half a unit of
        print; None where they agree or there are not both parts."""
        if self.basis is not Basis.STATED or self.qualifier or self.value is None or not self.quantum:
            return None
        if self.numerator is None or not self.denominator:
            return None
        from_parts = ratio(self.numerator, self.denominator, unit)
        return from_parts if abs(from_parts - self.value) > self.quantum / 2 else None
