"""What callers send of people."""

from contracts.vocabulary import Code
from services.evaluation.domain.person_acts import (
    Duty,
    LetGo,
    MovePerson,
    Position,
    RenamePerson,
    TakeOn,
)
from services.evaluation.forms.fields import Day, Form, Name


class Joining(Form):
    """登记人员"""

    name: Name
    unit: Code
    section: Code | None = None
    duty: Duty
    effective_from: Day

    def command(self, code: str, /) -> TakeOn:
        """Return what is wished."""
        at = Position(unit=self.unit, section=self.section, duty=self.duty)
        return TakeOn(code=code, name=self.name, position=at, effective_from=self.effective_from)


class PersonRenaming(Form):
    """人员更名"""

    name: Name
    effective_from: Day

    def command(self, code: str, /) -> RenamePerson:
        """Return what is wished."""
        return RenamePerson(code=code, name=self.name, effective_from=self.effective_from)


class Moving(Form):
    """人员调动"""

    unit: Code
    section: Code | None = None
    duty: Duty
    effective_from: Day

    def command(self, code: str, /) -> MovePerson:
        """Return what is wished."""
        at = Position(unit=self.unit, section=self.section, duty=self.duty)
        return MovePerson(code=code, position=at, effective_from=self.effective_from)


class Leaving(Form):
    """人员离任"""

    effective_from: Day

    def command(self, code: str, /) -> LetGo:
        """Return what is wished."""
        return LetGo(code=code, effective_from=self.effective_from)
