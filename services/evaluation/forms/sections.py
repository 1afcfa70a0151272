"""What callers send of sections."""

from contracts.vocabulary import Code
from services.evaluation.domain.section import CloseSection, OpenSection, RenameSection
from services.evaluation.forms.fields import Day, Form, Name


class SectionOpening(Form):
    """设立科室"""

    unit: Code
    name: Name
    effective_from: Day

    def command(self, code: str, /) -> OpenSection:
        """Return what is wished."""
        return OpenSection(
            code=code, unit=self.unit, name=self.name, effective_from=self.effective_from
        )


class SectionRenaming(Form):
    """科室更名"""

    name: Name
    effective_from: Day

    def command(self, code: str, /) -> RenameSection:
        """Return what is wished."""
        return RenameSection(code=code, name=self.name, effective_from=self.effective_from)


class SectionClosing(Form):
    """撤销科室"""

    effective_from: Day

    def command(self, code: str, /) -> CloseSection:
        """Return what is wished."""
        return CloseSection(code=code, effective_from=self.effective_from)
