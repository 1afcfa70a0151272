"""What callers send of units."""

from typing import Annotated

from pydantic import Field

from contracts.vocabulary import Code, UriReference
from services.evaluation.domain.unit_acts import (
    AddAlias,
    Alias,
    CloseUnit,
    Group,
    RegisterUnit,
    RegroupUnit,
    RemoveAlias,
    RenameUnit,
)
from services.evaluation.forms.fields import Day, Form, Name


class AliasForm(Form):
    """What one city system calls the unit."""

    source: UriReference
    code: Code

    def alias(self) -> Alias:
        """Return it in words of the domain."""
        return Alias(source=self.source, code=self.code)


class Registration(Form):
    """登记单位"""

    name: Name
    group: Group
    aliases: Annotated[list[AliasForm], Field(max_length=100)] = Field(default_factory=list)
    effective_from: Day

    def command(self, code: str, /) -> RegisterUnit:
        """Return what is wished."""
        return RegisterUnit(
            code=code,
            name=self.name,
            group=self.group,
            aliases=tuple(sorted({each.alias() for each in self.aliases})),
            effective_from=self.effective_from,
        )


class Renaming(Form):
    """单位更名"""

    name: Name
    effective_from: Day

    def command(self, code: str, /) -> RenameUnit:
        """Return what is wished."""
        return RenameUnit(code=code, name=self.name, effective_from=self.effective_from)


class Regrouping(Form):
    """调整单位组别"""

    group: Group
    effective_from: Day

    def command(self, code: str, /) -> RegroupUnit:
        """Return what is wished."""
        return RegroupUnit(code=code, group=self.group, effective_from=self.effective_from)


class AddingAlias(Form):
    """增加对应代码"""

    source: UriReference
    code: Code

    def command(self, unit: str, /) -> AddAlias:
        """Return what is wished."""
        return AddAlias(code=unit, alias=Alias(source=self.source, code=self.code))


class RemovingAlias(Form):
    """取消对应代码"""

    source: UriReference
    code: Code

    def command(self, unit: str, /) -> RemoveAlias:
        """Return what is wished."""
        return RemoveAlias(code=unit, alias=Alias(source=self.source, code=self.code))


class Closing(Form):
    """撤销单位"""

    effective_from: Day
    successor: Code | None = None

    def command(self, code: str, /) -> CloseUnit:
        """Return what is wished."""
        return CloseUnit(code=code, effective_from=self.effective_from, successor=self.successor)
