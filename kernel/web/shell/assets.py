"""The files that pages load: packaged, named by what they hold, and kept by browsers for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from kernel.web.answers import not_found

FOLDERS = ("static", "static/vendor")
TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, its media type, and a version that changes whenever it does."""

    body: bytes
    media_type: str
    version: str


@lru_cache
def assets() -> Mapping[str, Asset]:
    """Return all files by name."""
    found = {}
    for folder in FOLDERS:
        for file in (files(__package__) / folder).iterdir():
            if media_type := TYPES.get(file.name.rpartition(".")[2]):
                body = file.read_bytes()
                found[file.name] = Asset(body, media_type, sha256(body).hexdigest()[:12])
    return found


def url_of(name: str) -> str:
    """Return the address of a file, another one for each version of it."""
    return f"/assets/{name}?v={assets()[name].version}"


async def asset(request: Request) -> Response:
    """Answer with a file; the name is looked up, so that no path leads anywhere else."""
    found = assets().get(request.path_params["name"])
    if found is None:
        raise not_found()
    is_that_version = request.query_params.get("v") == found.version
    kept = FOR_EVER if is_that_version else "no-cache"
    return Response(found.body, media_type=found.media_type, headers={"Cache-Control": kept})
