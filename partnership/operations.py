"""Writes for the installation as a whole: loading the published reports, and setting up the demonstration."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from indicators import imports
from indicators.models import (
    GateHolder,
    Membership,
    Partner,
    Partnership,
    Period,
    ReportingRound,
    Return,
    Scorecard,
    Series,
    User,
)
from indicators.operations import OperationError, open_restatement, open_round
from indicators.operations.loading import ORDER, Loaded, add_partnership, load_tables, period_row
from indicators.operations.people import add_user, grant_membership, name_gate_holder
from indicators.quarters import Quarter
from indicators.roles import Role
from partnership.models import Installation


class DemoRefused(OperationError):
    """The database is not one that the demonstration may use."""


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demonstration: what the role is called there, who works where, and the scope."""

    email: str
    display_name: str
    role: Role
    partner: str = ""
    gate: str = ""
    is_deputy: bool = False


DEMO_AUTHORITY = "Set up for the demonstration"
DEMO_ACCOUNTS = (
    DemoAccount("board@demo.example", "Board member", Role.BOARD_MEMBER),
    DemoAccount("analyst@demo.example", "Performance analyst of the trust", Role.ANALYST, "trust"),
    DemoAccount("lead@demo.example", "Performance lead of the trust", Role.APPROVER, "trust", "sign_off"),
    DemoAccount("approver@demo.example", "Approver of the council", Role.APPROVER, "", "acceptance"),
    DemoAccount("scrutiny@demo.example", "Scrutiny officer", Role.SCRUTINY_OFFICER),
    DemoAccount("finance@demo.example", "Finance officer of the trust", Role.FINANCE_OFFICER, "trust"),
    DemoAccount("administrator@demo.example", "Administrator", Role.ADMINISTRATOR),
    DemoAccount("deputy-lead@demo.example", "Deputy lead of the trust", Role.APPROVER, "trust", "sign_off", True),
    DemoAccount(
        "deputy-approver@demo.example", "Deputy approver of the council", Role.APPROVER, "", "acceptance", True
    ),
)


def load_reports(*, folder: Path, at: datetime) -> Loaded:
    """Loads the real figures of the source reports through the application's own import; twice changes nothing.

    Raises imports.FileRefused with every finding.
    """
    tables, findings = {}, []
    for name in ORDER:
        path = folder / f"{name}.csv"
        try:
            tables[name] = imports.read_csv(path.read_bytes(), name, file=path.name)
        except imports.FileRefused as refused:
            findings += refused.findings
    if findings:
        raise imports.FileRefused(findings)
    partnership = add_partnership(
        slug="doncaster",
        name="Doncaster children’s partnership",
        authority_name="Doncaster Council",
        gss_code="E08000017",
    )
    return load_tables(partnership=partnership, tables=tables, at=at)


def refuse_unless_demo() -> None:
    """Raises DemoRefused when the database holds something that the demonstration did not make."""
    if not Installation.objects.filter(kind=Installation.Kind.DEMO).exists() and Partnership.objects.exists():
        raise DemoRefused(
            "This database holds a real service's figures, so the demonstration leaves it alone. "
            "Give DATABASE_URL of an empty database."
        )


def mark_as_demo(*, at: datetime) -> None:
    """Marks the database as a demonstration; production settings refuse it from then on."""
    Installation.objects.get_or_create(kind=Installation.Kind.DEMO, defaults={"marked_at": at})


def set_up_demo(*, at: datetime, today: date, password: str = "") -> list[tuple[DemoAccount, str]]:
    """The demonstration's accounts, with fresh passwords each time, and the returns that wait to be tried.

    Returns each account with its password.
    """
    partnership = Partnership.objects.get(slug="doncaster")
    partners = {p.code: p for p in partnership.partners.all()}
    accounts = []
    for account in DEMO_ACCOUNTS:
        secret = password or secrets.token_urlsafe(9)
        user = User.objects.filter(email=account.email).first()
        if user is None:
            user = add_user(email=account.email, display_name=account.display_name, password=secret, by=None)
            _give_access(account, user, partnership, partners, today)
        else:
            user.set_password(secret)
            user.save(update_fields=["password"])
        accounts.append((account, secret))
    _open_returns(partnership, at)
    return accounts


def _give_access(
    account: DemoAccount, user: User, partnership: Partnership, partners: dict[str, Partner], today: date
) -> Membership:
    membership = grant_membership(
        user=user, role=account.role, partnership=partnership, partner=partners.get(account.partner), from_on=today,
        authority=DEMO_AUTHORITY, by=None,
    )  # fmt: skip
    if account.gate:
        name_gate_holder(
            partner=partners["trust"], gate=GateHolder.Gate(account.gate), user=user, is_deputy=account.is_deputy,
            from_on=today, authority=DEMO_AUTHORITY, by=None,
        )  # fmt: skip
    return membership


def _open_returns(partnership: Partnership, at: datetime) -> None:
    """The next quarter is open on both scorecards, and the printed contract figures can be corrected."""
    administrator = User.objects.get(email="administrator@demo.example")
    analyst = User.objects.get(email="analyst@demo.example")
    period: Period = period_row(Quarter(2022, 1))
    for scorecard in Scorecard.objects.filter(partnership=partnership):
        if not ReportingRound.objects.filter(scorecard=scorecard, period=period).exists():
            open_round(scorecard=scorecard, period=period, due_on=None, by=administrator, at=at)
    printed = Return.objects.get(round__scorecard__code="contract", round__period__slug="2021-22-q4", number=1)
    if not Return.objects.filter(round=printed.round, number__gt=1).exists():
        open_restatement(
            of_return=printed,
            series=Series.objects.filter(lines__scorecard__code="contract", partnership=partnership),
            reason="To try entry: the paper gives some figures without their numerator and denominator.",
            by=analyst,
            at=at,
        )
