"""Anyone can recompute a verdict with nothing of ours."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import chinese_calendar

from services.electronic_supervision.domain.facts import Fact, LimitExtended
from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Hours,
    Limit,
    OfficeHours,
    WorkingDays,
)
from services.electronic_supervision.domain.verdict import Verdict
from services.electronic_supervision.domain.words import tell
from tests.electronic_supervision.domain.recompute import recompute
from tests.electronic_supervision.domain.test_explanation import explained
from tests.electronic_supervision.domain.timeline import (
    WUHU,
    accepted,
    decided,
    fact,
    paused,
    resumed,
)

GROUNDS = ["hearing", "testing", "quarantine", "publicity"]
UNITS = ["working_days", "calendar_days", "office_minutes", "minutes"]


def our_limit(unit: str, amount: int) -> Limit:
    match unit:
        case "working_days":
            return WorkingDays(amount)
        case "calendar_days":
            return CalendarDays(amount)
        case "office_minutes":
            return OfficeHours(timedelta(minutes=amount))
        case _:
            return Hours(timedelta(minutes=amount))


def later(random: Random, than: datetime, days: int) -> datetime:
    return than + timedelta(minutes=random.randrange(days * 1440))


def random_pauses(
    random: Random, start: datetime
) -> Iterator[tuple[str, datetime, datetime | None]]:
    for _ in range(random.choice([0, 0, 1, 2, 3])):
        begin = later(random, start, 20)
        if random.random() < 0.2:
            begin = datetime.combine(begin.date(), datetime.min.time()) + timedelta(days=1)
        end = later(random, begin, 8) if random.random() < 0.9 else None
        yield random.choice(GROUNDS), begin, end


def in_wuhu(naive: datetime) -> datetime:
    return naive.replace(tzinfo=WUHU)


def pause_facts(number: int, ground: str, begin: datetime, end: datetime | None) -> list[Fact]:
    begun = paused(in_wuhu(begin), ground, str(number))
    return [begun] if end is None else [begun, resumed(in_wuhu(end), str(number))]


def test_an_independent_script_recomputes_ten_thousand_random_cases() -> None:
    for seed in range(10_000):
        random = Random(seed)
        start = later(random, datetime(2022, 1, 1), 1400)
        finish = later(random, start, 50)
        unit = random.choice(UNITS)
        amount = random.randint(1, 30 if unit.endswith("days") else 3000)
        pauses = list(random_pauses(random, start))
        facts = [accepted(in_wuhu(start)), decided(in_wuhu(finish))]
        for number, pause in enumerate(pauses):
            facts += pause_facts(number, *pause)
        extension = None
        if random.random() < 0.3:
            extension = (later(random, start, 30), random.randint(1, 10))
            by = LimitExtended(by=our_limit(unit, extension[1]))
            facts.append(fact("extended", in_wuhu(extension[0]), by))
        told = explained(facts, our_limit(unit, amount))
        end = recompute((unit, amount), start, pauses, extension, chinese_calendar.is_workday)
        late = end is not None and (finish > end or (finish == end and unit.endswith("days")))
        assert (told.due and told.due.at) == (end and in_wuhu(end)), tell(told)
        assert told.verdict == (Verdict.LATE if late else Verdict.ON_TIME), tell(told)
