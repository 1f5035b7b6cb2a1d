"""Which indicators are read with each stage of the pathway, and which measure each clock."""

from referrals.stages import ACTIVITY_UNITS, STAGES, Stage

# Beside a stage's own inflow, stock and outflow.
READ_WITH: dict[str, tuple[str, ...]] = {
    "referral": ("re-referrals", "referrals-no-further-action"),
    "assessment": ("assessments-completed-assessment-service", "assessments-further-work"),
    "child-in-need": ("cin-open-cohort",),
    "protection-plan": ("cp-plans-category-share", "cp-plans-2-years-or-longer"),
}


def roles_of(stage: Stage) -> list[tuple[str, str]]:
    """The indicators of a stage, each once, with what it tells of it: in, at the end, out, also counted, part."""
    found: dict[str, str] = {}
    own = ((stage.inflow, "In"), (stage.stock, "At the end"), (stage.outflow, "Out"))
    for code, role in own:
        if code:
            found.setdefault(code, role)
    for code in stage.also_counted:
        found.setdefault(code, "At the end, counted in another unit")
    for code in READ_WITH.get(stage.code, ()):
        found.setdefault(code, "Read with it")
    return list(found.items())


def pathway_codes() -> frozenset[str]:
    """Every indicator that a page of the pathway reads."""
    return frozenset(ACTIVITY_UNITS) | {code for stage in STAGES for code, _ in roles_of(stage)}


# Clock to the indicators whose figures say whether it was kept.
MEASURED_BY: dict[str, tuple[str, ...]] = {
    "single-assessment": ("assessments-45-days",),
    "single-assessment-20-days": ("assessments-under-20-days",),
    "family-support-length": ("family-support-length",),
    "icpc": ("icpc-15-days",),
    "cp-visit": ("cp-visits-in-timescale",),
    "care-proceedings": ("care-proceedings-26-weeks",),
    "cic-review-first": ("cic-reviews-in-timescale",),
    "cic-review-second": ("cic-reviews-in-timescale",),
    "cic-review-later": ("cic-reviews-in-timescale",),
    "pathway-plan-review": ("pathway-plans-reviewed",),
    "adoption-14-months": ("adoption-under-14-months",),
    "adoption-a1": ("adoption-days-care-to-family",),
    "adoption-a2": ("adoption-days-order-to-match",),
}
