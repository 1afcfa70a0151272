"""GET /rules: by what the city is supervised, each version with its text, as known now or then."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AwareDatetime, BaseModel

from kernel.access.policy import Right
from kernel.web.access import needs
from services.electronic_supervision.domain.rules.life_stages import (
    Active,
    Draft,
    Life,
    Rehearsed,
    Retired,
    Shadow,
    Stage,
    Version,
)
from services.electronic_supervision.domain.rules.rule import System
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.rules.read import read_rule
from services.electronic_supervision.rules.refusals import problem
from services.electronic_supervision.rules.store import load_lives

READ = Depends(needs(Right.SEE_CATALOGUE))
Id = Annotated[str, Path(max_length=100, description="规则代码")]
KnownAt = Annotated[AwareDatetime | None, Query(description="截至何时已知的情况，不填为现在")]
State = Literal["draft", "rehearsed", "shadow", "active", "retired"]
STATES: Mapping[type[Stage], State] = {
    Draft: "draft",
    Rehearsed: "rehearsed",
    Shadow: "shadow",
    Active: "active",
    Retired: "retired",
}


class RuleVersionView(BaseModel):
    """A version of a rule; days are local."""

    version: int
    state: State
    title: str
    system: System
    clause: str
    effective_from: date | None = None
    """First day of what it judges, on trial (`shadow`) or in earnest (`active`)."""
    effective_until: date | None = None
    """First day on which it holds no more."""
    reason: str = ""
    """Why it was retired."""
    digest: str
    """SHA-256 of the text: what was rehearsed is what holds."""


class RuleView(BaseModel):
    """A rule with all its versions, the first first."""

    id: str
    versions: list[RuleVersionView]


class WholeVersionView(RuleVersionView):
    """A version with its text."""

    document: str
    """The YAML document, with its examples."""


class WholeRuleView(BaseModel):
    """A rule with the text of each version."""

    id: str
    versions: list[WholeVersionView]


def rules_router(desk: Desk) -> APIRouter:
    """Build the routes that show rules."""
    router = APIRouter(prefix="/rules", dependencies=[READ], tags=["监察规则"])

    @router.get("", summary="查询监察规则")
    async def all_rules(known_at: KnownAt = None) -> list[RuleView]:
        """List all rules in order of their ids, drafts and retired ones too."""
        lives = await _lives(desk, known_at)
        return [
            RuleView(id=id_, versions=[_view(each) for each in life.versions])
            for id_, life in sorted(lives.items())
        ]

    @router.get("/{rule}", summary="查询一条监察规则")
    async def one(rule: Id, known_at: KnownAt = None) -> WholeRuleView:
        """Show a rule with the text of each of its versions."""
        life = (await _lives(desk, known_at)).get(rule)
        if life is None:
            raise problem("rule-unknown")
        versions = [
            WholeVersionView(**_view(each).model_dump(), document=each.document)
            for each in life.versions
        ]
        return WholeRuleView(id=rule, versions=versions)

    return router


async def _lives(desk: Desk, known_at: datetime | None) -> Mapping[str, Life]:
    async with desk.reading() as connection:
        return await load_lives(connection, known_at)


def _view(version: Version) -> RuleVersionView:
    rule, stage = read_rule(version.document).rule, version.stage
    held = stage.was if isinstance(stage, Retired) else stage
    begins, ends = None, None
    if isinstance(held, Shadow | Active):
        begins, ends = held.effective_from, held.until
    if isinstance(stage, Retired):
        ends = stage.day
    return RuleVersionView(
        version=version.number,
        state=STATES[type(stage)],
        title=rule.title,
        system=rule.system,
        clause=rule.clause,
        effective_from=begins,
        effective_until=ends,
        reason=stage.reason if isinstance(stage, Retired) else "",
        digest=version.digest,
    )
