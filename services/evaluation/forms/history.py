"""One thing that happened to an entry of the register, as callers are shown it."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from kernel.store.events import StoredEvent
from services.evaluation.domain.person_acts import Duty
from services.evaluation.domain.post_acts import Place
from services.evaluation.domain.unit_acts import Group
from services.evaluation.forms.views import AliasView
from services.evaluation.store import CODEC


class ChangeView(BaseModel):
    """When it was recorded, by whom in which role for which unit, and what was said."""

    version: int
    kind: str
    """`registered`, `renamed`, …, `section-opened`, `holder-appointed`, `person-left`."""
    recorded_at: datetime
    by: str | None
    role: str | None = None
    for_unit: str | None = None
    effective_from: date | None = None
    name: str | None = None
    group: Group | None = None
    aliases: list[AliasView] | None = None
    alias: AliasView | None = None
    successor: str | None = None
    unit: str | None = None
    section: str | None = None
    duty: Duty | None = None
    place: Place | None = None
    person: str | None = None
    first_day: date | None = None
    last_day: date | None = None

    @classmethod
    def of(cls, stored: StoredEvent) -> "ChangeView":
        """Show an event of the record; older ones tell no role."""
        about: Mapping[str, str] = json.loads(stored.metadata)
        told = asdict(CODEC.decode(stored.type, stored.data))
        at: Mapping[str, Any] = told.pop("position", {})
        return cls(
            **{name: value for name, value in (told | dict(at)).items() if name != "code"},
            version=stored.version,
            kind=kind_of(stored.type),
            recorded_at=stored.recorded_at,
            by=about.get("by"),
            role=about.get("role"),
            for_unit=about.get("unit") or None,
        )


def kind_of(name: str) -> str:
    """Spell the name of a stored type as callers know it."""
    return re.sub("(?<!^)(?=[A-Z])", "-", name).lower()
