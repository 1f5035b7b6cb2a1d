"""Who may do what, in plain English. Pure: the roles, their permissions and the scope each needs."""

from enum import StrEnum


class Role(StrEnum):
    """What a membership lets a person be."""

    ANALYST = "analyst"
    APPROVER = "approver"
    FINANCE_OFFICER = "finance_officer"
    BOARD_MEMBER = "board_member"
    SCRUTINY_OFFICER = "scrutiny_officer"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """One thing a person may do; the value is how the people page says it."""

    VIEW_APPROVED = "read approved figures"
    EXPORT_APPROVED = "download approved figures"
    VIEW_RETURNS = "read returns before they are approved"
    ENTER_FIGURES = "enter and submit figures"
    ENTER_MONEY = "enter and submit money and placements, and draft contract sums, registers and scenarios"
    SIGN_OFF = "sign off a return for the partner"
    ACCEPT = "accept or query a return for the council"
    MANAGE_ROUNDS = "open, lock and reopen reporting rounds"
    MANAGE_PEOPLE = "see and change who has access"
    MANAGE_TARGETS = "change targets under authority and agree relief"
    MANAGE_ISSUES = "keep the register of statutory returns and data issues"
    PUBLISH = "put packs together, publish and withdraw them"
    REVIEW_DISCLOSURE = "set how small numbers are protected from the public, and accept it of a pack for everybody"
    VIEW_EXEMPT = "read packs that are exempt from publication"
    VIEW_PROTECTED = "read protected figures: exploitation, and who the children are"
    VIEW_AUDIT = "read the record of access and exports"
    MANAGE_MEETINGS = "keep bodies, meetings, minutes, resolutions, actions and the work programme"
    MANAGE_PLANS = "keep improvement plans, risks, inspections and assurance"
    ASK_EXCEPTIONS = "ask a partner for an exception report and accept its answer"
    MANAGE_BENCHMARKS = "import official figures of other areas"
    ANSWER = "tell how actions of the own partner stand and answer exception reports"


ROLE_WORDS = {
    Role.ANALYST: "Performance analyst",
    Role.APPROVER: "Approver",
    Role.FINANCE_OFFICER: "Finance officer",
    Role.BOARD_MEMBER: "Board member",
    Role.SCRUTINY_OFFICER: "Scrutiny officer",
    Role.ADMINISTRATOR: "Administrator",
}

_READS = {Permission.VIEW_APPROVED, Permission.EXPORT_APPROVED}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ANALYST: frozenset(
        _READS
        | {
            Permission.VIEW_RETURNS,
            Permission.ENTER_FIGURES,
            Permission.MANAGE_ISSUES,
            Permission.VIEW_PROTECTED,
            Permission.ANSWER,
        }
    ),
    Role.APPROVER: frozenset(
        _READS
        | {
            Permission.VIEW_RETURNS,
            Permission.SIGN_OFF,
            Permission.ACCEPT,
            Permission.MANAGE_TARGETS,
            Permission.MANAGE_ISSUES,
            Permission.PUBLISH,
            Permission.REVIEW_DISCLOSURE,
            Permission.VIEW_EXEMPT,
            Permission.VIEW_PROTECTED,
            Permission.MANAGE_PLANS,
            Permission.ASK_EXCEPTIONS,
            Permission.MANAGE_BENCHMARKS,
            Permission.ANSWER,
        }
    ),
    Role.FINANCE_OFFICER: frozenset(_READS | {Permission.VIEW_RETURNS, Permission.ENTER_MONEY, Permission.ANSWER}),
    Role.BOARD_MEMBER: frozenset(_READS | {Permission.VIEW_EXEMPT, Permission.VIEW_PROTECTED}),
    Role.SCRUTINY_OFFICER: frozenset(
        _READS
        | {
            Permission.REVIEW_DISCLOSURE,
            Permission.VIEW_EXEMPT,
            Permission.VIEW_PROTECTED,
            Permission.MANAGE_MEETINGS,
            Permission.MANAGE_PLANS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.VIEW_APPROVED,
            Permission.MANAGE_ROUNDS,
            Permission.MANAGE_PEOPLE,
            Permission.VIEW_AUDIT,
            Permission.MANAGE_BENCHMARKS,
        }
    ),
}

# The two gates of a return belong to different sides: the partner's own lead signs off,
# the council (a membership for the whole partnership) accepts.
PARTNER_ONLY = frozenset({Permission.SIGN_OFF, Permission.ENTER_FIGURES, Permission.ENTER_MONEY})
WHOLE_PARTNERSHIP_ONLY = frozenset(
    {
        Permission.ACCEPT,
        Permission.MANAGE_ROUNDS,
        Permission.MANAGE_PEOPLE,
        Permission.MANAGE_TARGETS,
        Permission.PUBLISH,
        Permission.REVIEW_DISCLOSURE,
        Permission.VIEW_AUDIT,
        Permission.MANAGE_MEETINGS,
        Permission.MANAGE_PLANS,
        Permission.ASK_EXCEPTIONS,
        Permission.MANAGE_BENCHMARKS,
    }
)
# Held for one partner alone: who types figures types those of somebody.
OF_ONE_PARTNER = frozenset({Role.ANALYST})
# What concerns approved figures is the same for everybody in the partnership, whichever partner they belong to.
NOT_SCOPED_BY_PARTNER = frozenset(_READS | {Permission.VIEW_EXEMPT, Permission.VIEW_PROTECTED})


def role_grants(role: Role, permission: Permission, *, for_whole_partnership: bool) -> bool:
    """Whether a membership with this role, for one partner or for the whole partnership, carries the permission."""
    if permission not in ROLE_PERMISSIONS[role]:
        return False
    if for_whole_partnership:
        return permission not in PARTNER_ONLY
    return permission not in WHOLE_PARTNERSHIP_ONLY
