"""What a running stack says of itself is so."""

import socket

import httpx

from tests.deploy.typed import Place


def test_secrets_are_for_their_owner_alone(stage: Place) -> None:
    for name in ("stack.json", "passwords.json", "lock", "nats/nats.conf", "logs"):
        assert (stage.data / name).stat().st_mode & 0o077 == 0, name


def test_a_console_that_is_announced_answers_on_every_port_it_names(stage: Place) -> None:
    stack = stage.stack
    operator = {"Authorization": f"Bearer {stack['token']}"}
    with httpx.Client(base_url=stack["console"], headers=operator) as console:
        assert console.get("/readyz").json() == {"ready": True}
        assert console.get("/units").status_code == 200, "evaluation is not there"
        assert console.get("/cases").status_code == 200, "supervision is not there"
    for offset in range(3):
        with socket.create_connection(("127.0.0.1", stage.port + offset), 5):
            pass
