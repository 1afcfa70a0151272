"""Units of Wuhu to try the register with."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from kernel.access.policy import Role
from kernel.access.principal import Grant, Principal
from services.evaluation.domain.unit_acts import Alias, CloseUnit, Group, RegisterUnit, RenameUnit

NOW = datetime(2012, 1, 4, 1, tzinfo=UTC)
AUTUMN, JUNE, NEW_YEAR = date(2011, 9, 20), date(2012, 6, 1), date(2013, 1, 1)

OPERATOR = Principal(name="operator", grants=(Grant(role=Role.OFFICE),))


def acting(name: str) -> Mapping[str, str]:
    """Return what the record keeps of somebody of the office."""
    return {"by": name, "role": "office", "unit": ""}


APPROVALS = Alias(source="/wuhu/administrative-approval", code="340200-ZJ")
HOTLINE = Alias(source="/wuhu/12345", code="住建委")

HOUSING = RegisterUnit(
    code="WHZJW",
    name="芜湖市住房和城乡建设委员会",
    group=Group.GOVERNMENT,
    aliases=(HOTLINE, APPROVALS),
    effective_from=AUTUMN,
)
HEALTH = RegisterUnit(
    code="WHWSJ",
    name="芜湖市卫生局",
    group=Group.GOVERNMENT,
    aliases=(),
    effective_from=AUTUMN,
)
RENAMING = RenameUnit(code="WHZJW", name="芜湖市住房和城乡建设局", effective_from=JUNE)
CLOSING = CloseUnit(code="WHZJW", effective_from=NEW_YEAR, successor="WHWSJ")

# the same wishes, as they come through the door
HOUSING_FORM = {
    "name": "芜湖市住房和城乡建设委员会",
    "group": "government",
    "aliases": [
        {"source": "/wuhu/administrative-approval", "code": "340200-ZJ"},
        {"source": "/wuhu/12345", "code": "住建委"},
    ],
    "effective_from": "2011-09-20",
}
HEALTH_FORM = {"name": "芜湖市卫生局", "group": "government", "effective_from": "2011-09-20"}
RENAMING_FORM = {"name": "芜湖市住房和城乡建设局", "effective_from": "2012-06-01"}
CLOSING_FORM = {"effective_from": "2013-01-01", "successor": "WHWSJ"}
