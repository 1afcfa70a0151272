"""Where the bus is: one server or several, and nobody's password in an address."""

import pytest

from deploy.provision.roles import url_for
from kernel.bus import addresses

THREE = ["nats://one:4222", "nats://two:4222", "nats://three:4222"]


@pytest.mark.parametrize(
    "url",
    [
        "nats://desk:secret-1@one:4222,two:4222,three:4222",
        "nats://desk:secret-1@one:4222,nats://desk:secret-1@two:4222,nats://desk:secret-1@three:4222",
    ],
    ids=["one URL of several hosts", "several URLs"],
)
def test_a_bus_of_several_servers_can_be_written_both_ways(url: str) -> None:
    found = addresses(url)
    assert (found.servers, found.user, found.password) == (THREE, "desk", "secret-1")


def test_an_address_never_shows_the_password() -> None:
    assert "secret-1" not in repr(addresses("nats://desk:secret-1@one:4222"))


@pytest.mark.parametrize(
    ("administrators", "services"),
    [
        ("nats://root:hidden@one:1", "nats://desk:key@one:1"),
        ("nats://root:hidden@one:1,two:2", "nats://desk:key@one:1,two:2"),
        (
            "nats://root:hidden@one:1,nats://root:hidden@two:2",
            "nats://desk:key@one:1,nats://desk:key@two:2",
        ),
        (
            "postgresql://root:hidden@one:1,two:2/city?a=b",
            "postgresql://desk:key@one:1,two:2/city?a=b",
        ),
    ],
)
def test_a_service_never_gets_the_administrators_password_with_its_url(
    administrators: str, services: str
) -> None:
    assert url_for(administrators, "desk", "key") == services
