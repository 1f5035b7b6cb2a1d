"""Reads who can see and do what, by asking the same function that every page asks."""

from collections.abc import Iterator, Sequence
from datetime import date

from indicators.models import Membership, Partner, Partnership, User
from indicators.permissions import Access, Grant
from indicators.roles import OF_ONE_PARTNER, ROLE_WORDS, Permission, Role
from indicators.selectors.people import accesses_on
from indicators.working_days import day_words
from partnership.access_table import SEEN, AccessRow, Answer, GridRow, Of

OWN, OTHER = "the own partner", "other partners"
OF_ONE, OF_ALL = "for one partner", "for the whole partnership"


def access_rows(partnership: Partnership, on: date) -> list[AccessRow]:
    """Every open account and every role with every permission that day, people first. Three queries."""
    partners = list(partnership.partners.order_by("name"))
    rows: list[AccessRow] = []
    for user, access in accesses_on(partnership, on):
        roles = ", ".join(ROLE_WORDS[role] for role in access.roles)
        rows += _asked(Of.PERSON, str(user), user.email, roles, access, [(p, p.name) for p in partners])
    return rows + list(_of_roles(partnership))


def without_a_role(partnership: Partnership, who: str, on: date) -> list[str]:
    """Of members with an open account and those words in name or address, who have no role that day: a sentence each,
    with the day on which the next one begins. Two queries."""
    member = Membership.objects.filter(partnership=partnership, user__is_active=True).select_related("user")
    begins: dict[User, str] = {}
    for row in member.exclude(user__in=member.on(on).values("user")).order_by("user__display_name", "user__pk"):
        if who.casefold() in f"{row.user} {row.user.email}".casefold():
            begins[row.user] = ""
    for row in member.after(on).filter(user__in=begins):
        role = ROLE_WORDS[Role(row.role)].lower()
        begins[row.user] = begins[row.user] or f" The role “{role}” begins on {day_words(row.from_on)}."
    return [f"No role of {user} holds today, {day_words(on)}.{words}" for user, words in begins.items()]


def role_grid(partnership: Partnership) -> list[GridRow]:
    """Every permission with what each role lets somebody do, what can be seen first. No query."""
    one = {role: _answers(partnership, role, OF_ONE) for role in Role}
    whole = {role: _answers(partnership, role, OF_ALL) if role not in OF_ONE_PARTNER else {} for role in Role}
    rows = [
        GridRow(p, {role: one[role][p] for role in Role}, {role: whole[role].get(p) for role in Role})
        for p in Permission
    ]
    return sorted(rows, key=lambda row: row.permission not in SEEN)


def _answers(partnership: Partnership, role: Role, scope: str) -> dict[Permission, Answer]:
    return {row.permission: row.answer for row in _of_role(partnership, role, scope)}


def _of_roles(partnership: Partnership) -> Iterator[AccessRow]:
    for role in Role:
        for scope in (OF_ONE, OF_ALL):
            yield from _of_role(partnership, role, scope)


def _of_role(partnership: Partnership, role: Role, scope: str) -> Iterator[AccessRow]:
    own, other = Partner(pk=-1, partnership=partnership), Partner(pk=-2, partnership=partnership)
    grant = Grant(role, own.pk if scope == OF_ONE else None)
    access = Access((grant,), (), (role,), partnership.pk)
    return _asked(Of.ROLE, f"{ROLE_WORDS[role]}, {scope}", "", "", access, [(own, OWN), (other, OTHER)])


def _asked(
    of: Of, who: str, email: str, roles: str, access: Access, partners: Sequence[tuple[Partner, str]]
) -> Iterator[AccessRow]:
    for permission in Permission:
        held = tuple(name for partner, name in partners if access.can(permission, partner))
        answer = Answer.NOWHERE
        if access.can(permission):
            answer = Answer.EVERYWHERE if len(held) == len(partners) else Answer.SOME
        yield AccessRow(of, who, email, roles, permission, answer, held if answer is Answer.SOME else ())
