"""The streams of the bus: one for each of our contexts, one for all city systems."""

from collections.abc import Sequence
from typing import Any

from nats.aio.client import Client

from contracts.streams import CITY, LARGEST_MESSAGE, stream_of, subjects_of
from deploy.provision.difference import Difference
from deploy.provision.jetstream import Answer, ask, deviations, look_up
from deploy.provision.settings import SHAPE, Settings
from kernel.tenancy import Tenancy

NANOSECONDS = 10**9
DUPLICATE_WINDOW = 120 * NANOSECONDS
SHAPE_KEY = "xiaoneng.shape"

CHANGEABLE = {
    *("allow_atomic", "allow_direct", "allow_rollup_hdrs", "deny_delete", "deny_purge", "discard"),
    *("duplicate_window", "max_age", "max_bytes", "max_consumers", "max_msg_size", "max_msgs"),
    *("max_msgs_per_subject", "metadata", "num_replicas", "republish", "consumer_limits"),
}
"""Fields that the server changes under a running stream without losing a message."""

ONE_WAY = {"deny_delete", "deny_purge"}
"""Fields that the server never unsets."""

OPERATORS_OWN = {"description", "placement"}


def streams(tenancies: Sequence[Tenancy]) -> list[str]:
    """Name every stream that is needed."""
    return sorted({CITY, *(stream_of(each.context) for each in tenancies if each.is_on_bus)})


async def plan(client: Client, name: str, settings: Settings) -> list[Difference]:
    """Return what is not as it should be about a stream."""
    told = await look_up(client, f"STREAM.INFO.{name}")
    subjects = subjects_of(name)
    overlap = await ask(client, "STREAM.NAMES", {"subject": subjects})
    found = [
        _difference(
            "stream-overlap", name, f"流 {other} 也收 {subjects}；请先移走。", is_safe=False
        )
        for other in overlap.get("streams") or []
        if other != name
    ]
    if told is None:
        return [*found, _difference("stream-missing", name, "流尚未建立。")]
    had = told["config"]
    if _shape(had) > SHAPE:
        message = f"由更新的版本开通（{_shape(had)} 版，本程序为 {SHAPE} 版）；请升级本程序。"
        return [*found, _difference("shape-newer", name, message, is_safe=False)]
    for field, (want, have) in deviations(_wanted(name, settings), _comparable(had)).items():
        is_safe = field in CHANGEABLE and not (field in ONE_WAY and have)
        message = f"{field} 应为 {want}，实为 {have}{'' if is_safe else '，不能就地更改'}。"
        found.append(_difference("stream-field", name, message, is_safe=is_safe))
    return found


async def apply(client: Client, name: str, settings: Settings) -> None:
    """Make a stream, or change what can be changed about it."""
    told = await look_up(client, f"STREAM.INFO.{name}")
    wanted = _wanted(name, settings)
    if told is None:
        await ask(client, f"STREAM.CREATE.{name}", wanted)
        return
    had = told["config"]
    if deviations(wanted, _comparable(had)):
        kept = {key: had[key] for key in OPERATORS_OWN if key in had}
        metadata = had.get("metadata", {}) | wanted["metadata"]
        await ask(client, f"STREAM.UPDATE.{name}", {**kept, **wanted, "metadata": metadata})


def _wanted(name: str, settings: Settings) -> dict[str, Any]:
    is_ours = name != CITY
    return {
        "name": name,
        "subjects": [subjects_of(name)],
        "storage": "file",
        "retention": "limits",
        "discard": "new",  # should an operator ever set a limit: refuse rather than forget
        "num_replicas": settings.replicas,
        "max_consumers": -1,
        "max_msgs": -1,
        "max_bytes": -1,
        "max_age": 0,
        "max_msgs_per_subject": -1,
        "max_msg_size": LARGEST_MESSAGE,
        "duplicate_window": DUPLICATE_WINDOW,
        "compression": "none",
        "allow_direct": True,
        "allow_atomic": is_ours,  # the relay's batches; city systems speak one by one
        "deny_delete": is_ours,  # of a city system, a message may have to be deleted for privacy
        "deny_purge": is_ours,
        "metadata": {SHAPE_KEY: str(SHAPE)},
    }


def _comparable(had: Answer) -> dict[str, Any]:
    fields = {key: value for key, value in had.items() if key not in OPERATORS_OWN}
    ours = {key: value for key, value in had.get("metadata", {}).items() if key == SHAPE_KEY}
    return fields | {"metadata": ours}


def _shape(had: Answer) -> int:
    version: str = had.get("metadata", {}).get(SHAPE_KEY, "")
    return int(version) if version.isdecimal() else 0


def _difference(code: str, where: str, message: str, *, is_safe: bool = True) -> Difference:
    return Difference(code=code, where=where, message=message, is_safe=is_safe)
