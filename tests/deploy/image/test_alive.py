"""The probe of the image tells a process that lives from one that does not."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from deploy.image.alive import PORT, alive
from tests.resilience.free_port import free_port


@contextmanager
def answering(status: int) -> Iterator[dict[str, str]]:
    """Answer every question with a status, and give the environment of who asks."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/livez" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Door) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield {PORT: str(server.server_port)}
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "code"), [(200, 0), (404, 1), (500, 1)])
def test_a_container_is_healthy_if_its_process_says_that_it_lives(status: int, code: int) -> None:
    with answering(status) as environment:
        assert alive(environment) == code


def test_a_container_whose_process_does_not_listen_is_not_healthy() -> None:
    assert alive({PORT: str(free_port())}) == 1
