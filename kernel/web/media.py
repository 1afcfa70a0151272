"""Which media types a route takes that reads its body by itself."""

from dataclasses import dataclass

from fastapi import Request

from kernel.web.answers import unsupported


@dataclass(frozen=True, slots=True)
class Takes:
    """A dependency of a route: lets in bodies of some media types only, and says which it is."""

    types: tuple[str, ...]

    async def __call__(self, request: Request) -> str:
        """Return the media type in lower case, without parameters. Raises 415."""
        told = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if told not in self.types:
            raise unsupported(*self.types)
        return told


def takes(*types: str) -> Takes:
    """Make a route take bodies of these media types (in lower case) only."""
    return Takes(types)
