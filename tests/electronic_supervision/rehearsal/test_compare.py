"""What two laws say of one case."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.catalogue import catalogue
from services.electronic_supervision.domain.judgement import Finding
from services.electronic_supervision.domain.law import Law
from services.electronic_supervision.domain.rules.book import RuleBook
from services.electronic_supervision.domain.rules.demands import (
    Expression,
    Forbidden,
    Level,
    LimitBy,
    Order,
    Span,
    StepLimits,
    WholeCase,
)
from services.electronic_supervision.domain.time.limits import WorkingDays
from services.electronic_supervision.domain.time.notice import amend
from services.electronic_supervision.loop.court import case_of, key_of
from services.electronic_supervision.record import CaseRecord
from services.electronic_supervision.rehearsal.compare import (
    compare,
    findings_of,
    pair,
)
from services.electronic_supervision.rehearsal.difference import What
from services.electronic_supervision.rehearsal.words import explained
from tests.electronic_supervision.domain.lawful import PERMIT, days, law, published, rule
from tests.electronic_supervision.live.said import Said, accepted, decided, event, local
from tests.electronic_supervision.rehearsal.told import record

BEGIN = local("2026-03-02 10:00")
ACCEPTED, DECIDED, RECEIVED, FEE = (
    f"xiaoneng.approvals.{kind}.v1"
    for kind in ("case-accepted", "case-decided", "case-received", "fee-charged")
)
GRANTED = Expression(
    text="granted", names=frozenset({"fact"}), value=lambda of: _said(of, "outcome") == "granted"
)
DEAR = Expression(
    text="dear", names=frozenset({"fact"}), value=lambda of: int(str(_said(of, "amount_fen"))) > 100
)


def _said(of: Mapping[str, object], name: str) -> object:
    fact = of["fact"]
    assert isinstance(fact, Mapping)
    return fact.get(name)


def at(hours: int) -> str:
    return f"{BEGIN + timedelta(hours=hours):%Y-%m-%d %H:%M}"


hours = st.integers(0, 400)
holders = st.sampled_from(["甲", "乙"])
tales: st.SearchStrategy[Said] = st.one_of(
    hours.map(lambda h: event("case-received", at(h), item="permit")),
    hours.map(lambda h: decided(at(h))),
    hours.map(lambda h: event("fee-charged", at(h), amount_fen=h * 2, purpose="工本费")),
    st.tuples(hours, holders).map(
        lambda t: event("step-started", at(t[0]), step="审核", holder=t[1])
    ),
    hours.map(lambda h: event("step-finished", at(h), step="审核")),
)


@st.composite
def cases(draw: st.DrawFn) -> CaseRecord:
    begin = draw(st.integers(0, 48))
    told = draw(st.lists(tales, max_size=4))
    first = accepted(at(begin)) if draw(st.booleans()) else event("case-received", at(begin))
    first["data"] = {**_data(first), "item": draw(st.sampled_from(["permit", "other"]))}
    return record(first, *told)


def _data(said: Said) -> Said:
    data = said["data"]
    assert isinstance(data, dict)
    return data


limits = st.integers(1, 5).map(WorkingDays)
levels = st.sampled_from(list(Level))
demands = st.one_of(
    limits.map(lambda limit: WholeCase(by=LimitBy.RULE, limit=limit)),
    st.just(WholeCase(by=LimitBy.STATED)),
    st.just(WholeCase(by=LimitBy.CATALOGUE)),
    st.just(StepLimits()),
    limits.map(lambda limit: Span(name="决定", begin=(RECEIVED,), end=(DECIDED,), limit=limit)),
    levels.map(lambda level: Forbidden(on=(DECIDED,), when=GRANTED, level=level)),
    levels.map(lambda level: Forbidden(on=(FEE,), when=DEAR, level=level)),
    levels.map(lambda level: Order(level=level)),
)


@st.composite
def books(draw: st.DrawFn) -> RuleBook:
    """Some rules, of which one may be on trial."""
    told = draw(st.dictionaries(st.sampled_from("abcd"), demands, min_size=1, max_size=4))
    rules = [
        replace(rule(demand, id_), version=draw(st.integers(1, 2))) for id_, demand in told.items()
    ]
    active = draw(st.integers(max(1, len(rules) - 1), len(rules)))
    return law(*rules[:active], shadow=tuple(rules[active:])).book


promises = st.integers(1, 9).map(
    lambda n: published(replace(PERMIT, promised=days(n), green_card=None))
)
CLOSED = {(BEGIN + timedelta(days=n)).date(): "台风" for n in (1, 2, 3)}
OTHER = law().office
TYPHOON = replace(OTHER, calendar=amend(OTHER.calendar, version="typhoon", rest=CLOSED, work={}))


@st.composite
def laws(draw: st.DrawFn) -> tuple[Law, Law]:
    """One law and another: rules, items and the calendar may differ, or not."""
    before = replace(law(items=(draw(promises),)), book=draw(books()))
    changed = draw(st.sets(st.sampled_from(["book", "catalogue", "office"]), min_size=1))
    after = before
    if "book" in changed:
        after = replace(after, book=draw(books()))
    if "catalogue" in changed:
        after = replace(after, catalogue=catalogue.fold([draw(promises)]))
    if "office" in changed:
        after = replace(after, office=TYPHOON)
    return before, after


instants = st.integers(20, 500).map(lambda h: BEGIN + timedelta(hours=2 * h))


def judged_alone(case: CaseRecord, by: Law, now: datetime) -> Sequence[Finding]:
    return findings_of(key_of(case), case_of(case, by), by, now).findings


def levels_of(found: Sequence[Finding]) -> Counter[str]:
    return Counter(each.judgement.level.value for each in found)


@given(cases(), laws(), instants)
def test_a_law_held_against_itself_changes_nothing(
    case: CaseRecord, two: tuple[Law, Law], now: datetime
) -> None:
    for each in two:
        told = compare(case, pair(each, each), now)
        assert told is not None
        assert told.differences == ()


@given(cases(), laws(), instants)
def test_a_rehearsal_says_what_judging_with_each_law_by_itself_says(
    case: CaseRecord, two: tuple[Law, Law], now: datetime
) -> None:
    before, after = (judged_alone(case, each, now) for each in two)
    laws_ = pair(*two)
    told = compare(case, laws_, now)
    assert told is not None
    moved = levels_of(before)
    for each in told.differences:
        first, second = each.levels
        assert first is not second, "a judgement of the same level is no change"
        moved.subtract([first.value] if first else [])
        moved.update([second.value] if second else [])
    assert +moved == levels_of(after), "what differs leads from what one law says to the other"
    if not laws_.concerns(frozenset(str(each.event.type) for each in case.told)):
        assert not told.differences, "a case passed over would have differed"


@given(cases(), laws(), instants)
def test_there_and_back_is_the_same_the_other_way_round(
    case: CaseRecord, two: tuple[Law, Law], now: datetime
) -> None:
    there, back = compare(case, pair(*two), now), compare(case, pair(*reversed(two)), now)
    assert there is not None
    assert back is not None
    turned = Counter((second, first) for first, second in (e.levels for e in back.differences))
    assert Counter(each.levels for each in there.differences) == turned


def test_a_shorter_limit_makes_cards_appear_and_says_why() -> None:
    case = record(accepted("2026-03-02 10:00"), decided("2026-03-09 10:00"))
    told = compare(case, pair(limited(9), limited(3)), local("2026-04-01 00:00"))
    assert told is not None
    what = [(each.what, each.either.judgement.level.value) for each in told.differences]
    assert what == [(What.APPEAR, "reminder"), (What.APPEAR, "yellow")]
    words = explained(told, told.differences[1])
    assert "期限2026年3月13日届满，不产生黄牌" in words
    assert "黄牌，期限2026年3月5日届满" in words


def test_a_graver_level_of_one_act_is_one_change() -> None:
    def dear(level: Level) -> Law:
        return law(rule(Forbidden(on=(FEE,), when=DEAR, level=level)))

    fee = event("fee-charged", "2026-03-02 11:00", amount_fen=900, purpose="工本费")
    case = record(accepted("2026-03-02 10:00"), fee)
    told = compare(case, pair(dear(Level.YELLOW), dear(Level.RED)), local("2026-03-03 00:00"))
    assert told is not None
    assert [(each.what, each.levels) for each in told.differences] == [
        (What.CHANGE, ("yellow", "red"))
    ]


def test_what_no_case_can_feel_is_known_beforehand() -> None:
    def dear(level: Level) -> Law:
        return replace(plain, book=law(rule(Forbidden(on=(FEE,), when=DEAR, level=level))).book)

    plain = limited(3)
    laws_ = pair(dear(Level.YELLOW), dear(Level.RED))
    assert laws_.concerns(frozenset({ACCEPTED, FEE}))
    assert not laws_.concerns(frozenset({ACCEPTED, DECIDED}))
    assert pair(plain, limited(4)).concerns(frozenset({ACCEPTED}))


def limited(amount: int) -> Law:
    return law(rule(WholeCase(by=LimitBy.RULE, limit=WorkingDays(amount))))


def test_what_only_one_law_asks_of_an_act_is_heard() -> None:
    asking = law(rule(Forbidden(on=(DECIDED,), when=GRANTED, level=Level.RED)))
    case = record(accepted("2026-03-02 10:00"), decided("2026-03-03 10:00"))
    told = compare(case, pair(limited(9), asking), local("2026-03-04 00:00"))
    assert told is not None
    assert [each.what for each in told.differences] == [What.APPEAR]


def test_a_storm_that_closes_offices_counts_though_all_terms_are_the_same() -> None:
    case = record(accepted("2026-03-02 10:00"), decided("2026-03-09 10:00"))
    strict = limited(3)
    told = compare(case, pair(strict, replace(strict, office=TYPHOON)), local("2026-04-01 00:00"))
    assert told is not None
    assert {each.what for each in told.differences} == {What.VANISH}


def test_a_rule_on_trial_changes_nothing() -> None:
    tried = rule(Forbidden(on=(DECIDED,), when=GRANTED, level=Level.RED))
    plain = law()
    laws_ = pair(plain, replace(plain, book=law(shadow=(tried,)).book))
    case = record(accepted("2026-03-02 10:00"), decided("2026-03-03 10:00"))
    told = compare(case, laws_, local("2026-04-01 00:00"))
    assert told is not None
    assert told.differences == ()
    assert not laws_.concerns(frozenset({ACCEPTED, DECIDED}))


def test_another_item_counts_for_acts_too_and_whatever_rules_change_beside_it() -> None:
    charged = Expression(
        text="charged", names=frozenset({"item"}), value=lambda of: _of_item(of, "name") == "新名"
    )
    asking = rule(Forbidden(on=(DECIDED,), when=charged, level=Level.RED))
    before = law(asking, items=(published(),))
    renamed = catalogue.fold([published(replace(PERMIT, name="新名"))])
    decision = decided("2026-03-03 10:00")
    case = record(accepted("2026-03-02 10:00") | {"data": about("permit")}, decision)
    told = compare(
        case, pair(before, replace(before, catalogue=renamed)), local("2026-03-04 00:00")
    )
    assert told is not None
    assert [each.what for each in told.differences] == [What.APPEAR]
    fees = rule(Forbidden(on=(FEE,), when=DEAR, level=Level.RED), "fees")
    both = pair(before, replace(before, catalogue=renamed, book=law(asking, fees).book))
    assert both.concerns(frozenset({ACCEPTED, DECIDED}))


def about(item: str) -> Said:
    return _data(accepted("2026-03-02 10:00")) | {"item": item}


def _of_item(of: Mapping[str, object], name: str) -> object:
    item = of["item"]
    return item.get(name) if isinstance(item, Mapping) else None
