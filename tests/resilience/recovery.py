"""After whatever happened: nothing lost, nothing twice, the same verdicts, and all is well."""

from collections.abc import Sequence

from tests.electronic_supervision.live.said import Said
from tests.resilience.canonical import Canonical, differences, dumped
from tests.resilience.deadline import comes_true
from tests.resilience.intact import assert_intact, at_rest
from tests.resilience.life import Life
from tests.resilience.town import Town

AT_ZERO = {
    "relay": "xiaoneng_relay_lag_publications",
    "intake": "xiaoneng_intake_pending",
}
"""What a process counts down to zero when it has caught up, by the part that does."""


async def assert_recovered(town: Town, told: Sequence[Said], undisturbed: Canonical) -> None:
    """See that a city is as if nothing had happened, once it has heard all that was told."""
    await at_rest(town, told)
    await assert_intact(town)
    found = differences(undisturbed, await dumped(town))
    assert found == [], f"promise 4: the same facts give the same verdicts: {found[:5]}"
    await all_is_well(town)


async def all_is_well(town: Town) -> None:
    """Wait until every living process says that it is ready, and its numbers say so too."""
    living = [life for life in town.lives if not life.has_ended()]
    for life in living:
        await life.listening()
        await comes_true(f"{life.parts} is ready again", life.problems)
    for part, name in AT_ZERO.items():
        await _caught_up([life for life in living if part in life.parts], name)


async def _caught_up(living: Sequence[Life], name: str) -> None:
    async def backlog() -> object:
        numbers = [await life.sample(name) for life in living]
        # one that only ever stood by has no number to tell
        is_well = 0 in numbers and set(numbers) <= {0, None}
        return None if is_well else f"{name} of {len(living)} processes is {numbers}"

    if living:
        await comes_true("all are well by their own metrics", backlog)
