"""Tell whether the service of this container lives: what the image's HEALTHCHECK runs."""

import os
import sys
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException

PORT = "XIAONENG_HTTP_PORT"
ANSWER_SECONDS = 3


def alive(environment: Mapping[str, str]) -> int:
    """Return 0 if /livez answers well on the port that the environment names, else 1."""
    connection = HTTPConnection("127.0.0.1", int(environment[PORT]), timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/livez")
        return int(connection.getresponse().status != 200)
    except (OSError, HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(alive(os.environ))
