"""The outturn table of report 003 §84 as printed, in thousands of pounds, as figures by key."""

from decimal import Decimal

from finance.outturn import Head, Measure, Side, change_key, spend_key, variance_key
from indicators.balance import Amount

REASONS = ("covid", "operating")
THOUSAND = Decimal(1000)

# Budget gross, income, net; outturn; variance; Covid, operating; change since Q3: operating, Covid.
PRINTED = """
cla             Children Looked After                 36741 -4121 32620 42673 -5415 37258 -5931 1293 -4638 -760 -3878 -482 -201
other-children  Other Children and Family Services    1662 0 1662 1940 -106 1834 -279 106 -173 -42 -131 -210 0
family-support  Family Support Services               3493 0 3493 3410 0 3410 83 0 83 -5 88 9 0
youth-justice   Youth Justice                         1797 0 1797 1728 0 1728 68 0 68 0 68 -42 0
safeguarding    Safeguarding                          13027 -45 12982 14565 -324 14241 -1538 279 -1260 -236 -1024 -223 0
young-people    Services for Young People             437 0 437 415 0 415 22 0 22 0 22 18 0
contract-value  Contract Value                        0 -57909 -57909 0 -57960 -57960 0 51 51 0 51 51 0
support         Support Services                      4918 0 4918 4904 0 4904 15 0 15 -7 21 196 -3
                Total                                 62075 -62075 0 69635 -63804 5831 -7560 1729 -5832 -1049 -4782 -683 -203
"""  # noqa: E501


def thousands(number: str | int) -> Amount:
    """A number of the table in pounds, printed to £1,000."""
    return Amount(Decimal(number) * THOUSAND, THOUSAND)


def keys_of(head: str) -> list[str]:
    """The figures of a row in the order of the print."""
    spend = [spend_key(measure, side, head) for side in Side for measure in Measure]
    variance = [variance_key(measure, head) for measure in Measure]
    by_reason = [variance_key(head=head, reason=reason) for reason in REASONS]
    return [*spend, *variance, *by_reason, *(change_key(head, reason=reason) for reason in reversed(REASONS))]


def _read() -> tuple[tuple[Head, ...], dict[str, Amount | None]]:
    heads, figures = [], {}
    for line in PRINTED.strip("\n").splitlines():
        code, words = line[:16].strip(), line[16:].split()
        name = " ".join(words[:-13])
        figures |= dict(zip(keys_of(code), map(thousands, words[-13:]), strict=True))
        heads += [Head(code, name)] if code else []
    return tuple(heads), figures


HEADS, FIGURES = _read()
