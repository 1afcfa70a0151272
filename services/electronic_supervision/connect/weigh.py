"""From the rows of a case and what the record holds of it to the events that are missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import asyncpg
from pydantic import ValidationError

from contracts.wire import write
from kernel.intake.heard import Heard
from services.electronic_supervision.audit.assemble import LoggedCase, assemble
from services.electronic_supervision.connect.bad_row import FIELDS, OTHERWISE, UNSAYABLE, BadRow
from services.electronic_supervision.connect.case_rows import CaseRows
from services.electronic_supervision.connect.compare import ToldOtherwise, completed, to_say
from services.electronic_supervision.connect.connector import Connector
from services.electronic_supervision.connect.known import KnownCase, known_case
from services.electronic_supervision.connect.telling import event, facts
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.doors.screen import screen
from services.electronic_supervision.doors.systems import CitySystem
from services.electronic_supervision.log.record import Record, Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What cases are weighed with: the connector, who speaks, and office time."""

    connector: Connector
    system: CitySystem
    office: Office


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A case with what is to be said of it, nothing if the record says it all.

    `bad` is why it can't be told, or not all of it.
    """

    rows: CaseRows
    heard: Sequence[Heard] = ()
    bad: BadRow | None = None
    is_new: bool = False


def weigh(
    cases: Sequence[CaseRows], told: Mapping[str, Sequence[asyncpg.Record]], scale: Scale
) -> list[Weighed]:
    """Weigh cases against what was told of them, by number."""
    return [
        _weighed(each, known_case(told.get(each.number, ()), scale.office), scale) for each in cases
    ]


def _weighed(rows: CaseRows, known: KnownCase, scale: Scale) -> Weighed:
    connector = scale.connector
    records = completed(rows.records, known, connector.log_map, scale.office)
    found = assemble(records, stepwise=connector.is_stepwise)
    column, bad = connector.log_map.case.accepted_at, None
    logged: LoggedCase | None
    if isinstance(found, Rejected):
        bad = _bad(rows, found.code, column)
        logged = _begun(records, stepwise=connector.is_stepwise)
    else:
        logged = found
    try:
        heard = _heard(logged, known, scale, has_begun=bad is None) if logged else []
    except OverflowError:
        return Weighed(rows=rows, bad=_bad(rows, "time-out-of-range", column))
    except ValidationError as error:
        field = FIELDS.get(str(error.errors()[0]["loc"][0]), "")
        return Weighed(rows=rows, bad=_bad(rows, UNSAYABLE, field))
    except ToldOtherwise:
        return Weighed(rows=rows, bad=_bad(rows, OTHERWISE, ""))
    if isinstance(heard, str):
        return Weighed(rows=rows, bad=_bad(rows, heard, ""))
    return Weighed(rows=rows, heard=heard, bad=bad, is_new=known.is_new)


def _begun(records: Sequence[Record], *, stepwise: bool) -> LoggedCase | None:
    """Return a case of which only steps are known as if it had begun with the first of them.

    Its acceptance may come in another file; the steps would not come again.
    """
    steps = [step for each in records for step in each.steps]
    if not stepwise or not steps:
        return None
    begun = assemble([replace(records[0], accepted=steps[0].at), *records[1:]], stepwise=True)
    return begun if isinstance(begun, LoggedCase) else None


def _heard(
    logged: LoggedCase, known: KnownCase, scale: Scale, *, has_begun: bool
) -> list[Heard] | str:
    """Return the events to record, as a door would hear them, or the code of a refusal."""
    speaker = scale.connector.speaker(scale.system.name)
    told = list(facts(logged, speaker))[0 if has_begun else 1 :]
    found = []
    for fact in to_say(told, known, scale.connector.log_map):
        screened = screen(write(event(fact, speaker.source)), scale.system)
        if not isinstance(screened, Heard):
            return screened.code
        found.append(screened)
    return found


def _bad(rows: CaseRows, code: str, column: object) -> BadRow:
    return BadRow(
        line=rows.records[-1].line,
        number=rows.number,
        step="",
        code=code,
        field=column if isinstance(column, str) else "",
        cells=[rows.digest.hex()],
    )
