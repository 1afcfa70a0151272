"""In what two accounts of a history differ: patterns that appear, vanish or change level."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.electronic_supervision.domain.patterns.finding import PatternFinding
from services.electronic_supervision.domain.patterns.occurrence import Group
from services.electronic_supervision.domain.patterns.telling import SUBJECTS
from services.electronic_supervision.domain.stages import Level
from services.electronic_supervision.patterns import holding
from services.electronic_supervision.rehearsal.compare import Pair
from services.electronic_supervision.rehearsal.difference import Change
from services.electronic_supervision.rehearsal.find import Found
from services.electronic_supervision.rehearsal.words import LEVELS


@dataclass(frozen=True, slots=True)
class Shift(Change[PatternFinding]):
    """One finding by both laws; `words` tell what holds by each, in Chinese."""

    words: str

    @property
    def subject(self) -> str:
        """Name whom it concerns, in Chinese, with the code."""
        group = self.either.group
        return f"{SUBJECTS[group.by]} {group.key}"

    @property
    def levels(self) -> tuple[str | None, str | None]:
        """Return the level before and after."""
        before, after = self.before, self.after
        return (
            None if before is None else _level(before).value,
            None if after is None else _level(after).value,
        )


def shifts(found: Found, laws: Pair) -> Iterator[Shift]:
    """Match what two laws find in one history, and yield what is not the same level in both.

    The same run of days under a new threshold begins on another day and has another id; so a
    finding is matched by its id, then by group, level and days in common, and one of another level
    by group and days in common.
    """
    left = {each.id: each for each in found.before}
    right = {each.id: each for each in found.after}
    before = _by_group(each for id_, each in left.items() if id_ not in right)
    after = _by_group(each for id_, each in right.items() if id_ not in left)
    for group in sorted(before.keys() | after.keys()):
        gone, new = before.get(group, []), after.get(group, [])
        for one in list(gone):
            if other := _mate(one, new, is_level=True):
                gone.remove(one)
                new.remove(other)
        for one in gone:
            other = _mate(one, new, is_level=False)
            if other is not None:
                new.remove(other)
            yield _shift(one, other, laws)
        yield from (_shift(None, other, laws) for other in new)


def _by_group(findings: Iterable[PatternFinding]) -> dict[Group, list[PatternFinding]]:
    groups: dict[Group, list[PatternFinding]] = {}
    for each in sorted(findings, key=lambda each: (each.at, each.id)):
        groups.setdefault(each.group, []).append(each)
    return groups


def _mate(
    one: PatternFinding, others: Iterable[PatternFinding], *, is_level: bool
) -> PatternFinding | None:
    """Return the nearest in time with days in common, of the same level or of another."""
    rivals = [
        each
        for each in others
        if (_level(each) is _level(one)) == is_level
        and each.window_from < one.window_until
        and one.window_from < each.window_until
    ]
    return min(rivals, key=lambda each: (abs(each.at - one.at), each.id), default=None)


def _level(finding: PatternFinding) -> Level:
    return Level(f"{finding.level.value}-lead" if finding.withheld else finding.level.value)


def _shift(before: PatternFinding | None, after: PatternFinding | None, laws: Pair) -> Shift:
    now = _side(before, after, laws, is_before=True)
    then = _side(after, before, laws, is_before=False)
    return Shift(before, after, f"现行：{now}。变更后：{then}。")


def _side(
    found: PatternFinding | None, other: PatternFinding | None, laws: Pair, *, is_before: bool
) -> str:
    if found is None:
        return f"不产生{LEVELS[_level(other)]}" if other is not None else ""
    law = laws.before if is_before else laws.after
    day = f"{found.day.year}年{found.day.month}月{found.day.day}日"
    message = holding.message_of(law, found).removesuffix("。")
    ground = f"{found.clause}，规则 {found.rule} 第{found.version}版"
    return f"{LEVELS[_level(found)]}，{day}，{message}（{ground}）"
