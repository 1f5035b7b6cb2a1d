"""What the care ladder costs in a quarter: nights and prices, funds, dear packages, the independent share."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from finance.foster_share import Against, Aim, hold_against_aims
from finance.ladder_lines import (
    NOTHING,
    CostLine,
    Fact,
    FundLine,
    PackageLine,
    RungLine,
    ShareKind,
    ShareLine,
    less,
    together,
)
from finance.money import in_words
from finance.outturn import Contribution, funded, funded_from_after
from finance.selectors.ladder import (
    FOSTERING,
    INDEPENDENT,
    LINES,
    SIXTEEN_PLUS,
    CareLadder,
    plans_of,
    price_at_end,
    price_planned,
)
from finance.selectors.ladder_book import (
    CONTRIBUTION,
    COST,
    COVID_COST,
    COVID_FUNDING,
    GROUP,
    HIGHEST,
    LOWEST,
    NEEDS_BLOCK,
    NIGHTS,
    PACKAGES,
    PACKAGES_16,
    PAID_FOR,
    RUNG,
    SHARE,
    SPEND,
    UNACCOMPANIED,
    VARIANCE,
    Said,
    Sources,
    code_in,
    name_in,
)
from finance.unit_costs import Price, unit_cost
from indicators.balance import Amount
from indicators.phrases import capital, lowered
from indicators.quarters import Quarter, financial_year_of
from indicators.units import EmptyCohort, Unit, written

# The funds by their codes, and the line of the outturn that the High Needs Block pays towards.
NEEDS_BLOCK_FUND, COVID_FUND, HOME_OFFICE = "high-needs-block", "covid", "home-office"
OUT_OF_AREA = "out-of-area"
_ONE = Decimal(1)


# Nights and prices


def cost_lines(sources: Sources, ladder: CareLadder) -> tuple[CostLine, ...]:
    """What each rung and group costs, and what is held of groups that are no rung; those without a number left out."""
    period, slug = ladder.period, ladder.period.slug
    kinds = {line.code: line for line in (*ladder.inside, *ladder.outside)}
    keys = {code: (line.kind.value, line.name, sources.key_of(code)) for code, line in kinds.items()}
    for indicator in (SPEND, PAID_FOR, NIGHTS, COST):
        for dimensions in ((RUNG,), (GROUP,), (RUNG, "side"), (GROUP, "side")):
            for info in sources.slices(indicator, *dimensions):
                own = dimensions[0]
                keys.setdefault(code_in(info, own), ("other", name_in(info, own), f"{own}={code_in(info, own)}"))
    lines = (_cost_line(sources, period, code, *found, kinds.get(code)) for code, found in keys.items())
    return tuple(line for line in lines if line.period == slug and any(fact.is_there for fact in line.facts))


def _cost_line(
    sources: Sources, period: Quarter, code: str, kind: str, name: str, key: str, line: RungLine | None
) -> CostLine:
    year = financial_year_of(period.end_on)
    spent = sources.ending(SPEND, period, _side(key, "outturn"))
    nights = sources.fact(NIGHTS, period.slug, key)
    ends_year = year.end_on == period.end_on
    return CostLine(
        period.slug,
        kind,
        code,
        name,
        children=sources.ending(PAID_FOR, period, key),
        nights=nights,
        per_night=_per_night(sources, period, key, spent),
        at_end=price_at_end(sources, period, key),
        of_year=sources.fact(COST, year.slug, _side(key, "outturn")) if ends_year else NOTHING,
        budgeted=sources.fact(COST, year.slug, _side(key, "budget")),
        planned=price_planned(sources, period, key),
        planned_number=line.planned if line else NOTHING,
        spent=_unlabelled(spent, period),
        budget=sources.ending(SPEND, period, _side(key, "budget")),
    )


def _side(key: str, side: str) -> str:
    return "|".join(sorted((key, f"side={side}")))


def _unlabelled(fact: Fact, period: Quarter) -> Fact:
    """The period is said where it is another one."""
    return replace(fact, label="") if fact.period == period.slug else fact


def _per_night(sources: Sources, period: Quarter, key: str, spent: Fact) -> Fact:
    """Spend for the year to date over the nights of all quarters of the year so far; nothing where one is missing."""
    year = financial_year_of(period.end_on)
    so_far = [q for q in year.quarters() if q.end_on <= period.end_on]
    nights = [sources.fact(NIGHTS, q.slug, key) for q in so_far]
    whole = together(nights, "")
    if spent.value is None or whole.count is None or spent.qualifier or spent.period != period.slug:
        return NOTHING
    try:
        found = unit_cost(spent.value, whole.count.number, year)
    except (EmptyCohort, ValueError):
        return NOTHING
    how = f"{in_words(Amount(spent.value, spent.quantum))} over {whole.count.words} nights"
    return Fact(found.nightly, worked_out=how, figure=spent.figure, period=spent.period, source=spent.source)


# Funds


@dataclass(frozen=True)
class Funds:
    """Who pays, fund by fund, and a line before and after what other funds give, in sentences."""

    lines: tuple[FundLine, ...]
    sentences: tuple[str, ...]


def funds_of(sources: Sources, ladder: CareLadder) -> Funds:
    """Covid funding line by line, the High Needs Block, and what else other funds give in the period."""
    slug = ladder.period.slug
    lines = _covid_lines(sources, ladder)
    own = ladder.line(OUT_OF_AREA)
    block = _needs_block(sources, slug, own.name if own else "Out of area")
    lines += [block] if block is not None else []
    lines += _contributions(sources, slug, [line.fund for line in lines], ladder)
    return Funds(tuple(lines), tuple(_before_and_after(sources, ladder, lines)))


def _covid_lines(sources: Sources, ladder: CareLadder) -> list[FundLine]:
    """What was put down to Covid on the line of each group or rung, what was given towards it, and what is left. Where
    a group's funding is stated for all of its rungs together, so is the cost."""
    found, told = [], set()
    for row in (*ladder.inside, *ladder.outside):
        members = [one.code for one in ladder.inside if one.part_of == row.code and one.code != row.code]
        line = _covid_line(sources, ladder.period.slug, row.code, row.name, members)
        if line is not None and row.part_of not in told:
            found.append(line)
            told |= {row.code} if line.given.is_there and members else set()
    return found


def _covid_line(sources: Sources, slug: str, code: str, name: str, members: list[str]) -> FundLine | None:
    line = LINES.get(code, code)
    cost = sources.fact(COVID_COST, slug, f"line={line}")
    if not cost.is_there and members:
        cost = _sum(sources.fact(COVID_COST, slug, f"line={LINES.get(one, one)}") for one in members)
    parts = [
        (name_in(info, "covid-fund"), sources.fact(COVID_FUNDING, slug, info.key))
        for info in sources.slices(COVID_FUNDING, "covid-fund", "line")
        if code_in(info, "line") == line
    ]
    stated = [(fund, fact) for fund, fact in parts if fact.amount is not None]
    own = sources.fact(COVID_FUNDING, slug, f"line={line}")
    given = own if own.is_there else _sum(fact for _, fact in stated)
    if not (cost.is_there or given.is_there):
        return None
    made_of = "; ".join(f"{_pounds(fact)} {lowered(fund)}" for fund, fact in stated)
    return FundLine(
        slug, line, name, COVID_FUND, "Covid funding", cost=cost, given=given,
        left=_left(sources, slug, line, cost, given), made_of=made_of,
    )  # fmt: skip


def _sum(facts: Iterable[Fact]) -> Fact:
    """Parts together, with how; it keeps the figure of the first."""
    parts = list(facts)
    found = together(parts, " + ".join(map(_pounds, parts)))
    return replace(found, figure=parts[0].figure, period=parts[0].period) if found.is_there else NOTHING


def _left(sources: Sources, slug: str, line: str, cost: Fact, given: Fact) -> Fact:
    """What of the cost nobody funded: the overspend put down to Covid, else cost less what was given."""
    for info in sources.slices(VARIANCE, "head", "line", "variance-reason"):
        if (code_in(info, "line"), code_in(info, "variance-reason")) == (line, "covid"):
            fact = sources.fact(VARIANCE, slug, info.key)
            if fact.value is not None:
                return replace(fact, value=fact.value.copy_negate()) if fact.value < 0 else NOTHING
    return less(cost, given, "cost less what was given")


def _pounds(fact: Fact) -> str:
    return in_words(fact.amount) if fact.amount is not None else ""


def _needs_block(sources: Sources, slug: str, name: str) -> FundLine | None:
    """What the High Needs Block pays towards out-of-area placements, against what it was to pay."""
    budget, given = (sources.fact(NEEDS_BLOCK, slug, f"side={side}") for side in ("budget", "outturn"))
    if not (budget.is_there or given.is_there):
        return None
    stated = sources.fact(CONTRIBUTION, slug, f"fund={NEEDS_BLOCK_FUND}")
    beyond = stated if stated.is_there else less(given, budget, "given less budgeted")
    if beyond.value is not None and beyond.value <= 0:
        beyond = NOTHING
    return FundLine(
        slug, LINES[OUT_OF_AREA], name, NEEDS_BLOCK_FUND,
        _fund_names(sources).get(NEEDS_BLOCK_FUND, "High Needs Block"), budgeted=budget, given=given, beyond=beyond,
    )  # fmt: skip


def _fund_names(sources: Sources) -> dict[str, str]:
    return {code_in(info, "fund"): name_in(info, "fund") for info in sources.slices(CONTRIBUTION, "fund")}


def _contributions(sources: Sources, slug: str, told: Iterable[str], ladder: CareLadder) -> list[FundLine]:
    """What other funds give towards the heading as a whole, or a paper says of them without an amount."""
    lines, done = [], set(told)
    heading = (ladder.heading.code, ladder.heading.name) if ladder.heading else ("", "Care ladder")
    status = ("", "Placements of unaccompanied children")
    for code, name in (_fund_names(sources) | _said_funds(sources, slug)).items():
        fact = sources.fact(CONTRIBUTION, slug, f"fund={code}")
        notes = [s.text for s in sources.said_of(CONTRIBUTION, f"fund={code}", slug, "context") if not s.is_summary]
        if code not in done and (fact.is_there or notes):
            to, note = (status, "") if code == HOME_OFFICE else (heading, notes[0] if notes else "")
            lines.append(FundLine(slug, *to, code, name, given=fact, beyond=fact, note=note))
    return lines


def _said_funds(sources: Sources, slug: str) -> dict[str, str]:
    """Funds of which something is said but no amount is held."""
    prefix = f"{CONTRIBUTION}/fund="
    found = {s.figure.removeprefix(prefix) for s in sources.said if s.figure.startswith(prefix) and s.period == slug}
    named = {c.code: c.name for info in sources.book.slices.values() for c in info.categories if c.dimension == "fund"}
    return {code: named.get(code, capital(code.replace("-", " "))) for code in sorted(found)}


def _before_and_after(sources: Sources, ladder: CareLadder, lines: Iterable[FundLine]) -> list[str]:
    """The line that a fund pays towards, and the heading, before and after what funds gave beyond their budget."""
    given = [line for line in lines if line.beyond.amount is not None and not line.beyond.qualifier]
    found = []
    own = ladder.line(OUT_OF_AREA)
    to_line = [c for line in given if line.line == LINES[OUT_OF_AREA] and (c := _contribution(line)) is not None]
    if own is not None and own.variance.amount is not None and to_line:
        told = funded(own.variance.amount, to_line).sentences
        found.append(f"{own.name}: {lowered(told[0])}")
        found += [capital(words) for words in told[1:]]
    heading = ladder.heading
    to_all = [c for line in given if (c := _contribution(line)) is not None]
    if heading is not None and heading.variance.amount is not None and to_all:
        told = funded_from_after(heading.variance.amount, to_all).sentences
        found.append(f"{heading.name}, the whole heading: {lowered(told[0])}")
    return found


def _contribution(line: FundLine) -> Contribution | None:
    amount = line.beyond.amount
    if amount is None or amount.value <= 0:
        return None
    return Contribution(line.fund, line.fund_name, amount, line.budgeted.amount, line.given.amount)


# Packages and children with a status


def package_lines(sources: Sources, period: Quarter) -> tuple[PackageLine, ...]:
    """Dear packages by weekly band, and those on a rung with the lowest and highest price."""
    slug, year = period.slug, financial_year_of(period.end_on)
    lines = [
        PackageLine(slug, code_in(info, "weekly-band"), info.own_name, fact)
        for info in sources.slices(PACKAGES, "weekly-band")
        if (fact := sources.fact(PACKAGES, slug, info.key)).is_there
    ]
    for code in dict.fromkeys((SIXTEEN_PLUS, *sources.ladder_codes)):
        number = sources.fact(PACKAGES_16, slug) if code == SIXTEEN_PLUS else NOTHING
        low, high = (sources.fact(indicator, slug, sources.key_of(code)) for indicator in (LOWEST, HIGHEST))
        if not (number.is_there or low.is_there or high.is_there):
            continue
        years = (None if f.value is None else Price(f.value, year).yearly for f in (low, high))
        name = f"{sources.name_of(code)}: expensive packages"
        lines.append(PackageLine(slug, code, name, number, low, high, *years))
    return tuple(lines)


@dataclass(frozen=True)
class Status:
    """Children with a status on any rung, such as unaccompanied children: how many, and what is said of funding."""

    fact: Fact
    said: tuple[Said, ...]

    @property
    def sentence(self) -> str:
        """How many were added when; empty without a figure."""
        if self.fact.value is None:
            return ""
        number = written(self.fact.value, Unit.COUNT, qualifier=self.fact.qualifier)
        return f"{number} unaccompanied children were added, {self.fact.label}."


def status_of(sources: Sources, period: Quarter) -> Status:
    """Unaccompanied children added in the period, or in a longer stretch that ends with it."""
    fact = sources.ending(UNACCOMPANIED, period, "")
    said = sources.said_of(CONTRIBUTION, f"fund={HOME_OFFICE}", period.slug, "context")
    return Status(fact, tuple(said))


def said_of_nights(sources: Sources, period: Quarter) -> list[Said]:
    """What is said of nights where none is held."""
    return sources.said_of(NIGHTS, "", period.slug, "context")


# Independent share


def share_lines(sources: Sources, ladder: CareLadder) -> tuple[ShareLine, ...]:
    """The share of independent placements, and what it stands against: plans, the ambition, and other authorities."""
    slug, fact = ladder.period.slug, sources.fact(SHARE, ladder.period.slug)
    fostering, independent = ladder.line(FOSTERING), ladder.line(INDEPENDENT)
    if fact.value is None or fact.amount is None:
        return ()
    whole, number = (line.end if line else NOTHING for line in (fostering, independent))
    actual = ShareLine(slug, ShareKind.ACTUAL, "", ladder.period.label, fact, whole=whole, number=number)
    others = [
        *_planned_shares(sources, slug, fostering.planned if fostering else NOTHING),
        *_ambitions(sources, slug),
        *_elsewhere(sources, ladder.period),
    ]
    aims = [
        Aim(_aim_name(line), Against(line.kind.value), amount, None if (of := line.whole.count) is None else of.number)
        for line in others
        if (amount := line.share.amount) is not None
    ]
    rows = hold_against_aims(fact.amount, number.count, aims)
    lines = [actual]
    for line, row in zip(others, rows, strict=True):
        planned = NOTHING
        if row.planned is not None:
            planned = Fact(Decimal(row.planned.number), worked_out=row.planned.worked_out)
        lines.append(replace(line, points=row.points, sentence=row.sentence, number=planned))
    return tuple(lines)


def _aim_name(line: ShareLine) -> str:
    if line.kind is ShareKind.PLAN:
        return f"the {lowered(line.name)}"
    if line.kind is ShareKind.OTHERS:
        return f"the share of {line.name} in {line.share.label}"
    return "the ambition"


def _planned_shares(sources: Sources, slug: str, planned: Fact) -> list[ShareLine]:
    return [
        ShareLine(
            slug, ShareKind.PLAN, code, name, fact,
            whole=planned if planned.value is not None and planned.as_at == fact.as_at else NOTHING,
        )
        for code, name, fact in plans_of(sources, slug)
    ]  # fmt: skip


def _ambitions(sources: Sources, slug: str) -> list[ShareLine]:
    return [
        ShareLine(
            slug, ShareKind.AMBITION, "", "Ambition",
            Fact(said.value, _ONE, figure=SHARE, period=slug, source=said.source),
            words=said.text,
        )
        for said in sources.said_of(SHARE, "", slug, "target")
        if said.value is not None
    ]  # fmt: skip


def _elsewhere(sources: Sources, period: Quarter) -> list[ShareLine]:
    """The latest share of each authority that ends up to the end of the period."""
    lines = []
    for info in sources.slices(SHARE, "authority"):
        held = sources.book.figures.get((SHARE, info.key), {}).values()
        until = sorted((h for h in held if h.end_on <= period.end_on), key=lambda h: h.end_on)
        if until and period.end_on.year - until[-1].end_on.year <= 1:
            fact = sources.fact(SHARE, until[-1].slug, info.key)
            code, name = code_in(info, "authority"), name_in(info, "authority")
            lines.append(ShareLine(period.slug, ShareKind.OTHERS, code, name, fact))
    return [line for line in lines if line.share.value is not None]
