"""What a row about a published figure says as a measurement, or why it cannot be taken."""

from decimal import Decimal

from indicators.imports import Row
from indicators.measurement import Basis, Flag, Measured, NotReportableCode
from indicators.rag import MissingReason
from indicators.units import Unit


class Refusal(Exception):
    """One row cannot be loaded; says which column and why."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def measured_of(row: Row, unit: Unit) -> Measured:
    """The numbers of a row of figures, checked against each other and the unit. Raises Refusal at the first that is
    wrong."""
    basis = Basis(row["basis"])
    numerator, denominator, value = row["numerator"], row["denominator"], row["value"]
    is_words = basis in {Basis.MISSING, Basis.STATED_OUTCOME}
    reason, code = row["missing_reason"], row["not_reportable_code"]
    refusal = None
    if basis is Basis.STATED and value is None:
        refusal = ("value", "a stated figure needs its printed value.")
    elif basis is Basis.DERIVED and (numerator is None or denominator is None or denominator <= 0 or value is not None):
        refusal = ("numerator", "a derived figure needs numerator and denominator, and no value.")
    elif basis is Basis.STATED_OUTCOME and not row["stated_met"]:
        refusal = ("stated_met", "say yes or no.")
    elif basis is not Basis.STATED_OUTCOME and row["stated_met"]:
        refusal = ("stated_met", "only an outcome in words is met or not met; leave this empty.")
    elif basis is Basis.MISSING and not reason:
        refusal = ("missing_reason", "say why there is no figure.")
    elif is_words and (value is not None or numerator is not None or denominator is not None or row["qualifier"]):
        refusal = ("value", "there cannot be a number as well.")
    elif basis is not Basis.MISSING and reason:
        refusal = ("missing_reason", "there is a figure, so there can be no reason for its absence.")
    elif code and (reason != MissingReason.NOT_REPORTABLE or code not in {c.value for c in NotReportableCode}):
        refusal = ("not_reportable_code", "this code goes with “not_reportable” only, and is one of the listed ones.")
    elif not set(row["flags"].split()) <= {f.value for f in Flag}:
        refusal = ("flags", "use only the letters p, r, b, u and e, with spaces between them.")
    elif row["quantum"] is not None and row["quantum"] <= 0:
        refusal = ("quantum", "the unit of print is above 0.")
    elif unit is Unit.PERCENT and numerator is not None and denominator is not None and numerator > denominator:
        refusal = ("numerator", "the numerator is above the denominator.")
    elif unit is Unit.PERCENT and value is not None and value > Decimal(100):
        refusal = ("value", "a share cannot be above 100%.")
    if refusal:
        raise Refusal(*refusal)
    return Measured(
        basis=basis,
        numerator=numerator,
        denominator=denominator,
        value=value,
        qualifier=row["qualifier"],
        quantum=row["quantum"],
        missing_reason=MissingReason(row["missing_reason"]) if row["missing_reason"] else None,
        stated_met=row["stated_met"] == "yes" if row["stated_met"] else None,
    )
