"""What a reader answers when a file it was given cannot be used."""


def visible(text: str) -> str:
    """Keep what a stranger wrote from commanding a terminal: no control characters, one line."""
    return "".join(char if char.isprintable() or char == "\u3000" else "\ufffd" for char in text)


class BadInputError(Exception):
    """A map, log or argument that cannot be used; `message` tells a person what to do.

    `code` is stable and for machines. `field` is a path in the map (`case.limit`) or the name of an
    argument, `line` a physical line counted from 1; both only where they are known.
    """

    def __init__(
        self, code: str, message: str, *, field: str | None = None, line: int | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.line = line


class BadMapError(BadInputError):
    """The map: `map-unreadable`, `map-not-yaml` or `map-invalid`."""


class BadLogError(BadInputError):
    """The log as a whole; what is wrong with one row of it is a `Rejected` instead.

    Codes: `log-unreadable`, `log-suffix`, `log-mismatch`, `log-empty`, `log-damaged`,
    `log-too-large`, `log-macros`, `column-missing`, `column-ambiguous`, `quote-unclosed`.
    """


class BadTimeError(BadInputError):
    """A time given by hand that cannot be read: `time-unreadable`."""
