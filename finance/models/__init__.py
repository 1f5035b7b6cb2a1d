"""What is not a figure: heads and rungs, contract sums, funding, the registers beside them, plans and scenarios."""

from finance.models.contract import ContractDecision, ContractEntry, ContractYear
from finance.models.drafts import RegisterDecision, RegisterDraft
from finance.models.heads import BudgetHead, Rung
from finance.models.programmes import FundingAmount, FundingItem, FundingProgramme
from finance.models.registers import (
    BusinessCase,
    BusinessCaseLine,
    Claim,
    Home,
    HomePlan,
    Milestone,
    RegisterStep,
    Saving,
)
from finance.models.scenarios import (
    PlacementPlan,
    PlanAssumption,
    PlanDecision,
    PlanRow,
    ProjectionRun,
    Scenario,
    ScenarioStep,
)
from finance.models.ssda903 import Ssda903Decision, Ssda903Load

__all__ = [
    "BudgetHead",
    "BusinessCase",
    "BusinessCaseLine",
    "Claim",
    "ContractDecision",
    "ContractEntry",
    "ContractYear",
    "FundingAmount",
    "FundingItem",
    "FundingProgramme",
    "Home",
    "HomePlan",
    "Milestone",
    "PlacementPlan",
    "PlanAssumption",
    "PlanDecision",
    "PlanRow",
    "ProjectionRun",
    "RegisterDecision",
    "RegisterDraft",
    "RegisterStep",
    "Rung",
    "Saving",
    "Scenario",
    "ScenarioStep",
    "Ssda903Decision",
    "Ssda903Load",
]
