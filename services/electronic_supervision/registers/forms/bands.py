"""What callers send of bands of discretion."""

from typing import Annotated

from pydantic import Field

from contracts.vocabulary import Code, Fen
from services.electronic_supervision.domain.registers import discretion_band_acts as bands
from services.electronic_supervision.registers.fields import Day
from services.electronic_supervision.registers.forms.form import Ending, Form, Name
from services.electronic_supervision.registers.store import Command


class GradeForm(Form):
    """A grade with the least and the most fine, in fen."""

    code: Code
    circumstances: Name
    least_fen: Fen
    most_fen: Fen

    def grade(self) -> bands.Grade:
        """Return it in words of the domain."""
        return bands.Grade(
            code=self.code,
            circumstances=self.circumstances,
            least=self.least_fen,
            most=self.most_fen,
        )


class BandSetting(Form):
    """设定裁量档次"""

    name: Name
    clause: Name
    grades: Annotated[list[GradeForm], Field(min_length=1, max_length=100)]
    effective_from: Day

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        return bands.SetDiscretionBands(
            offence=code,
            name=self.name,
            clause=self.clause,
            grades=tuple(each.grade() for each in self.grades),
            effective_from=self.effective_from,
        )


class BandRevising(BandSetting):
    """修订裁量档次"""

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        return bands.ReviseDiscretionBands(
            offence=code,
            name=self.name,
            clause=self.clause,
            grades=tuple(each.grade() for each in self.grades),
            effective_from=self.effective_from,
        )


class BandRepealing(Ending):
    """废止裁量档次"""

    def command(self, code: str, /) -> Command:
        """Return what is wished."""
        return bands.RepealDiscretionBands(
            offence=code, reason=self.reason, effective_from=self.effective_from
        )
