"""What a city may choose about the provisioned shape."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from deploy.refusal import RefusedError

SHAPE = 1
"""Version of everything provisioned but the migrations, which count by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`replicas` of every stream; how long, and how many at once, a service may hold messages."""

    replicas: int = 1
    ack_wait: timedelta = timedelta(seconds=30)
    max_ack_pending: int = 2000


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Read XIAONENG_NATS_REPLICAS (1, 3 or 5). Raises RefusedError (`setting-unusable`)."""
    replicas = environment.get("XIAONENG_NATS_REPLICAS", "1")
    if replicas not in {"1", "3", "5"}:
        raise RefusedError(
            "setting-unusable",
            f"XIAONENG_NATS_REPLICAS 不能是 {replicas!r}。",
            "请设为 1、3 或 5，并不多于 NATS 集群的节点数。",
        )
    return Settings(replicas=int(replicas))
