"""What callers send of posts and their holders."""

from contracts.vocabulary import Code
from services.evaluation.domain.post_acts import (
    AbolishPost,
    AppointHolder,
    EstablishPost,
    NoteAbsence,
    NoteReturn,
    Place,
    RelieveHolder,
    RenamePost,
)
from services.evaluation.forms.fields import Day, Form, Name


class PostEstablishing(Form):
    """设立岗位"""

    unit: Code
    section: Code | None = None
    name: Name
    effective_from: Day

    def command(self, code: str, /) -> EstablishPost:
        """Return what is wished."""
        return EstablishPost(
            code=code,
            name=self.name,
            unit=self.unit,
            section=self.section,
            effective_from=self.effective_from,
        )


class PostRenaming(Form):
    """岗位更名"""

    name: Name
    effective_from: Day

    def command(self, code: str, /) -> RenamePost:
        """Return what is wished."""
        return RenamePost(code=code, name=self.name, effective_from=self.effective_from)


class Appointing(Form):
    """任用 A 岗、B 岗"""

    place: Place
    person: Code
    effective_from: Day

    def command(self, code: str, /) -> AppointHolder:
        """Return what is wished."""
        return AppointHolder(
            code=code, place=self.place, person=self.person, effective_from=self.effective_from
        )


class Relieving(Form):
    """免去 A 岗、B 岗"""

    place: Place
    effective_from: Day

    def command(self, code: str, /) -> RelieveHolder:
        """Return what is wished."""
        return RelieveHolder(code=code, place=self.place, effective_from=self.effective_from)


class GoingAway(Form):
    """登记离岗"""

    place: Place
    first_day: Day
    last_day: Day | None = None

    def command(self, code: str, /) -> NoteAbsence:
        """Return what is wished."""
        return NoteAbsence(
            code=code, place=self.place, first_day=self.first_day, last_day=self.last_day
        )


class ComingBack(Form):
    """登记返岗"""

    place: Place
    effective_from: Day

    def command(self, code: str, /) -> NoteReturn:
        """Return what is wished."""
        return NoteReturn(code=code, place=self.place, effective_from=self.effective_from)


class PostAbolishing(Form):
    """撤销岗位"""

    effective_from: Day

    def command(self, code: str, /) -> AbolishPost:
        """Return what is wished."""
        return AbolishPost(code=code, effective_from=self.effective_from)
