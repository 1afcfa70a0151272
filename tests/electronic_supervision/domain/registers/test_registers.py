"""What the registers say on a day is what a search through all that was ever said finds."""

from collections.abc import Sequence
from datetime import date
from time import perf_counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.registers.discretion_band import DISCRETION_BAND
from services.electronic_supervision.domain.registers.discretion_band_acts import (
    Grade,
    RepealDiscretionBands,
    ReviseDiscretionBands,
    SetDiscretionBands,
)
from services.electronic_supervision.domain.registers.green_card import GREEN_CARD
from services.electronic_supervision.domain.registers.green_card_acts import (
    Command,
    Event,
    GrantGreenCard,
    GreenCardGranted,
    GreenCardRenewed,
    GreenCardResumed,
    GreenCardSuspended,
    GreenCardWithdrawn,
    RenewGreenCard,
    ResumeGreenCard,
    SuspendGreenCard,
    WithdrawGreenCard,
)
from services.electronic_supervision.domain.registers.registers import fold
from services.electronic_supervision.domain.registers.service_chain import SERVICE_CHAIN
from services.electronic_supervision.domain.registers.service_chain_acts import (
    PublishServiceChain,
    ReviseServiceChain,
    Stage,
    WithdrawServiceChain,
)
from tests.electronic_supervision.domain.registers.city import MILL, numbered, on, told

HORIZON = 40
DAYS = st.integers(0, HORIZON).map(on)
CARDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(
        GrantGreenCard,
        enterprise=st.just(MILL),
        name=st.just("纺织厂"),
        effective_from=DAYS,
        last_day=DAYS,
    ),
    st.builds(RenewGreenCard, enterprise=st.just(MILL), last_day=DAYS, effective_from=DAYS),
    st.builds(SuspendGreenCard, enterprise=st.just(MILL), reason=st.just("x"), effective_from=DAYS),
    st.builds(ResumeGreenCard, enterprise=st.just(MILL), effective_from=DAYS),
    st.builds(
        WithdrawGreenCard, enterprise=st.just(MILL), reason=st.just("x"), effective_from=DAYS
    ),
)


def held(events: Sequence[Event], day: date) -> bool:
    """Tell whether a card holds on a day: go through the days one by one, the dumb way."""
    holds = dict.fromkeys(map(on, range(2 * HORIZON)), False)
    ends = dict.fromkeys(holds, date.min)
    granted = date.max
    for event in events:
        if isinstance(event, GreenCardGranted):
            granted = event.effective_from
        is_void = isinstance(event, GreenCardWithdrawn) and event.effective_from == granted
        before = on(-1) if is_void else None
        for each in holds:
            if each < event.effective_from:
                before = each if is_void else before
                continue
            match event:
                case GreenCardGranted(last_day=last):
                    holds[each], ends[each] = True, last
                case GreenCardRenewed(last_day=last):
                    ends[each] = last
                case GreenCardSuspended():
                    holds[each] = False
                case GreenCardResumed():
                    holds[each] = True
                case GreenCardWithdrawn() if before in holds:
                    holds[each], ends[each] = holds[before], ends[before]
                case GreenCardWithdrawn():
                    holds[each] = False
                case _:
                    pass
    return holds[day] and day <= ends[day]


@given(st.lists(CARDS, max_size=12))
def test_a_card_holds_on_the_days_that_a_walk_from_day_to_day_finds(
    commands: list[Command],
) -> None:
    events = told(GREEN_CARD, commands)
    registers = fold(events)
    for day in map(on, range(2 * HORIZON)):
        assert registers.holds(MILL, day) == held(events, day), day


CHAINS: st.SearchStrategy[Any] = st.one_of(
    [
        st.builds(
            kind,
            code=st.just("ZS"),
            name=st.sampled_from("甲乙"),
            stages=st.just((Stage(code="1", name="签约", unit="X"),)),
            effective_from=DAYS,
        )
        for kind in (PublishServiceChain, ReviseServiceChain)
    ]
) | st.builds(WithdrawServiceChain, code=st.just("ZS"), reason=st.just("x"), effective_from=DAYS)
BANDS: st.SearchStrategy[Any] = st.one_of(
    [
        st.builds(
            kind,
            offence=st.just("AY"),
            name=st.sampled_from("甲乙"),
            clause=st.just("第一条"),
            grades=st.just((Grade(code="一", circumstances="x", least=0, most=1),)),
            effective_from=DAYS,
        )
        for kind in (SetDiscretionBands, ReviseDiscretionBands)
    ]
) | st.builds(
    RepealDiscretionBands, offence=st.just("AY"), reason=st.just("x"), effective_from=DAYS
)


def named(events: Sequence[Any], day: date) -> str | None:
    """Return the name that was said last for a day, of what is there then, the dumb way."""
    standing: list[tuple[date, str | None]] = []
    for event in events:
        start: date = event.effective_from
        standing = [each for each in standing if each[0] < start]
        name = getattr(event, "name", None)
        if name is not None or standing:
            standing.append((start, name))
    before = [name for start, name in standing if start <= day]
    return before[-1] if before else None


@given(st.lists(CHAINS, max_size=12), st.lists(BANDS, max_size=12))
def test_a_chain_and_a_band_are_what_was_said_last_for_that_day(
    chains: list[object], bands: list[object]
) -> None:
    of_chain, of_band = told(SERVICE_CHAIN, chains), told(DISCRETION_BAND, bands)
    registers = fold([*of_chain, *of_band])
    for day in map(on, range(-1, HORIZON + 2)):
        chain, offence = registers.chain("ZS", day), registers.offence("AY", day)
        assert (chain and chain.name) == named(of_chain, day)
        assert (offence and offence.name) == named(of_band, day)


@given(st.lists(CARDS, max_size=12), st.integers(0, 12))
def test_the_registers_grow_by_what_is_new_and_older_ones_stay_as_they_are(
    commands: list[Command], cut: int
) -> None:
    events = told(GREEN_CARD, commands)
    early = fold(events[:cut])
    untouched = fold(events[:cut])
    assert fold(events[cut:], early) == fold(events)
    assert early == untouched


def test_thousands_of_entries_are_asked_in_no_time() -> None:
    grants = [
        GreenCardGranted(
            enterprise=numbered(number), name="厂", effective_from=on(0), last_day=on(365)
        )
        for number in range(5_000)
    ]
    events: list[Event] = [*grants]
    for round_ in range(1, 10):
        events += [
            GreenCardRenewed(
                enterprise=each.enterprise, last_day=on(365 + round_), effective_from=on(round_)
            )
            for each in grants
        ]
    registers = fold(events)
    begun = perf_counter()
    for each in grants:
        assert registers.holds(each.enterprise, on(370))
    assert perf_counter() - begun < 1, "a lookup takes more than 0.2 ms"
