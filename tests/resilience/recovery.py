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
    for life in town.lives:
        if not life.has_ended():
            await life.listening()
            await comes_true(f"{life.parts} is ready again", life.problems)
            for part in life.parts:
                await _caught_up(life, part)


async def _caught_up(life: Life, part: str) -> None:
    if part not in AT_ZERO:
        return

    async def backlog() -> object:
        number = await life.sample(AT_ZERO[part])
        return None if number == 0 else f"{AT_ZERO[part]} is {number}"

    await comes_true(f"{part} has caught up, by its own metrics", backlog)
