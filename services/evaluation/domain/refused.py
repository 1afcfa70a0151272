"""How the domain says no."""


class Refused(Exception):
    """A wish that can't be granted, with a stable code and the field that is in the way.

    `note` says in words what is so in this case, "" if the words for the code say it all.
    """

    def __init__(self, code: str, *, field: str = "", note: str = "") -> None:
        super().__init__(f"{code} ({field})" if field else code)
        self.code = code
        self.field = field
        self.note = note
