"""How the keeper of accounts and tokens says no."""


class Refused(Exception):
    """A wish that can't be granted, with a stable code and the field that is in the way."""

    def __init__(self, code: str, *, field: str = "") -> None:
        super().__init__(f"{code} ({field})" if field else code)
        self.code = code
        self.field = field
