"""Why an operator's command can't be carried out, in words that say what to do."""

from collections.abc import Sequence


class RefusedError(Exception):
    """A stable code, and Chinese sentences: what is wrong, and what mends it."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(f"{code}: {message}{fix}")
        self.code = code
        self.message = message
        self.fix = fix

    def details(self) -> Sequence[str]:
        """Return what else there is to say, a line each."""
        return ()
