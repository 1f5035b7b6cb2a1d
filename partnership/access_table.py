"""Who can see and do what, as tables: a person or a role, one thing and where it holds; and all roles side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from indicators.phrases import listed
from indicators.roles import ROLE_WORDS, Permission, Role
from indicators.table_spec import Column, Field, Kind, TableSpec, Values


class Of(StrEnum):
    """Whom a row is about."""

    PERSON = "person"
    ROLE = "role"


class Answer(StrEnum):
    """Where a permission holds."""

    EVERYWHERE = "everywhere"
    SOME = "some_partners"
    NOWHERE = "nowhere"


OF_WORDS = {Of.PERSON: "Person", Of.ROLE: "Role"}
ANSWER_WORDS = {
    Answer.EVERYWHERE: "Yes, for the whole partnership",
    Answer.SOME: "Yes, for some partners",
    Answer.NOWHERE: "No",
}


@dataclass(frozen=True)
class AccessRow:
    """Whether somebody, or a role, may do one thing. `partners` names for whom, where it is not for all."""

    of: Of
    who: str
    email: str
    roles: str
    permission: Permission
    answer: Answer
    partners: tuple[str, ...] = ()


ACCESS_TABLE: TableSpec[AccessRow] = TableSpec(
    "access",
    (
        Column(
            "who",
            "Who",
            (
                Field("of", Kind.CODE, lambda r: r.of.value, "person: an account that is open; role: what it lets do"),
                Field("who", Kind.TEXT, lambda r: r.who, "As the person is shown, or the role with its scope"),
                Field("email", Kind.TEXT, lambda r: r.email or None, "E-mail address of the person"),
                Field("roles", Kind.TEXT, lambda r: r.roles or None, "Roles of the person today"),
            ),
            lambda v: tuple(line for line in (v["who"], v["email"], v["roles"]) if line),
        ),
        Column(
            "what",
            "May",
            (
                Field("permission", Kind.CODE, lambda r: r.permission.name.lower(), "Code of the permission"),
                Field("permission_words", Kind.TEXT, lambda r: r.permission.value, "The same in words"),
            ),
            lambda v: (v["permission_words"],),
        ),
        Column(
            "answer",
            "Where",
            (
                Field("answer", Kind.CODE, lambda r: r.answer.value, "everywhere, some_partners or nowhere"),
                Field(
                    "partners",
                    Kind.TEXT,
                    lambda r: listed(r.partners) if r.partners else None,
                    "For which partners, if not for all",
                ),
            ),
            lambda v: tuple(line for line in (ANSWER_WORDS[Answer(v["answer"])], v["partners"]) if line),
        ),
    ),
)


# What somebody may read, and nothing else; all other permissions let somebody do something.
SEEN = frozenset(
    {
        Permission.VIEW_APPROVED,
        Permission.EXPORT_APPROVED,
        Permission.VIEW_RETURNS,
        Permission.VIEW_EXEMPT,
        Permission.VIEW_PROTECTED,
        Permission.VIEW_AUDIT,
    }
)
GROUP_WORDS = {"see": "What can be seen", "do": "What can be done"}


@dataclass(frozen=True)
class GridRow:
    """One thing with where each role lets somebody do it, held for one partner and held for the whole partnership; None
    where a role is not held so."""

    permission: Permission
    one: Mapping[Role, Answer]
    whole: Mapping[Role, Answer | None]

    @property
    def group(self) -> str:
        """see or do."""
        return "see" if self.permission in SEEN else "do"


def grid_answer(one: str, whole: str | None) -> tuple[str, ...]:
    """A cell of the grid: the answer, and where it differs between those who hold the role for one partner and those
    who hold it for all, for whom it is."""
    if whole is None or one == whole:
        return ({Answer.EVERYWHERE: "Yes", Answer.SOME: "Own partner", Answer.NOWHERE: "No"}[Answer(one)],)
    if whole == Answer.NOWHERE:
        return ("Own partner", "if held for one")
    return ("Yes", "own, if held for one" if one == Answer.SOME else "if held for all")


def _in_grid(role: Role, v: Values) -> tuple[str, ...]:
    return grid_answer(v[f"{role.value}_one_partner"], v[f"{role.value}_whole_partnership"] or None)


def _of_role(role: Role) -> Column[GridRow]:
    name = ROLE_WORDS[role]
    return Column(
        role.value,
        name,
        (
            Field(
                f"{role.value}_one_partner",
                Kind.CODE,
                lambda r: r.one[role].value,
                f"{name} for one partner: everywhere, some_partners (the own one) or nowhere",
            ),
            Field(
                f"{role.value}_whole_partnership",
                Kind.CODE,
                lambda r: answer.value if (answer := r.whole[role]) else None,
                f"{name} for the whole partnership: everywhere or nowhere; empty where the role is not held so",
            ),
        ),
        partial(_in_grid, role),
    )


ROLE_GRID: TableSpec[GridRow] = TableSpec(
    "access_by_role",
    (
        Column(
            "what",
            "May",
            (
                Field("group", Kind.CODE, lambda r: r.group, "see: what can be read; do: what can be done"),
                Field("permission", Kind.CODE, lambda r: r.permission.name.lower(), "Code of the permission"),
                Field("permission_words", Kind.TEXT, lambda r: r.permission.value, "The same in words"),
            ),
            lambda v: (v["permission_words"],),
        ),
        *map(_of_role, Role),
    ),
)
