"""Plain functions that make what a test needs, through the application's own operations wherever there is one.

Everything has a default, and asking twice for the same thing (a partnership, a partner, a scorecard, the people of a
partner) gives the same row. Only volume (`a_scorecard(n_lines=…)`, `a_history`) is written in bulk.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from indicators import quarters
from indicators.models import GateHolder, Scorecard
from indicators.operations import drafts, figures, loading, people, returns
from indicators.rag import Polarity, ToleranceKind
from indicators.roles import Role
from indicators.units import Unit
from tests.builders.basics import (
    AUTHORITY,
    FIRST_PERIOD,
    FIRST_QUARTER,
    LONDON,
    LONG_AGO,
    NOW,
    PASSWORD,
    Q3,
    Q4,
    TODAY,
    moment,
    unprotected,
)
from tests.builders.cells import a_cell, an_easy_cell
from tests.builders.cycle import (
    STATES,
    a_restatement,
    a_return,
    a_round,
    accept,
    based_on,
    fill,
    fresh,
    keep,
    send_back,
    sign_off,
    submit,
    tick,
)
from tests.builders.definitions import (
    Measure,
    a_break,
    a_period,
    a_scorecard,
    a_source,
    a_target,
    a_version,
    an_indicator,
)
from tests.builders.issues import a_statutory_return, an_issue
from tests.builders.places import (
    Gates,
    a_gate_holder,
    a_membership,
    a_partner,
    a_partnership,
    a_succession,
    a_user,
    the_people,
)
from tests.builders.real import read_tables, the_real_figures
from tests.builders.relief import a_relief
from tests.builders.revisions import a_figure, a_history, a_paper_figure

__all__ = [
    "AUTHORITY",
    "FIRST_PERIOD",
    "FIRST_QUARTER",
    "LONDON",
    "LONG_AGO",
    "NOW",
    "PASSWORD",
    "Q3",
    "Q4",
    "STATES",
    "TODAY",
    "Decimal",
    "GateHolder",
    "Gates",
    "Measure",
    "Polarity",
    "Role",
    "Scorecard",
    "ToleranceKind",
    "Unit",
    "ZoneInfo",
    "a_break",
    "a_cell",
    "a_figure",
    "a_gate_holder",
    "a_history",
    "a_membership",
    "a_paper_figure",
    "a_partner",
    "a_partnership",
    "a_period",
    "a_relief",
    "a_restatement",
    "a_return",
    "a_round",
    "a_scorecard",
    "a_source",
    "a_statutory_return",
    "a_succession",
    "a_target",
    "a_user",
    "a_version",
    "accept",
    "an_easy_cell",
    "an_indicator",
    "an_issue",
    "based_on",
    "date",
    "datetime",
    "drafts",
    "figures",
    "fill",
    "fresh",
    "keep",
    "loading",
    "moment",
    "people",
    "quarters",
    "read_tables",
    "returns",
    "send_back",
    "sign_off",
    "submit",
    "the_people",
    "the_real_figures",
    "tick",
    "timedelta",
    "unprotected",
]
