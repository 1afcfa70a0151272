"""What the sheets and columns of a register workbook are called, and the words in their cells."""

from collections.abc import Mapping
from types import MappingProxyType

from kernel.document.layout import Layout, Sheet
from services.evaluation.document.lines import LINES, AnyLine, SheetName
from services.evaluation.domain.person_acts import Duty
from services.evaluation.domain.unit_acts import Group

SHEETS: Mapping[SheetName, str] = MappingProxyType(
    {
        "units": "单位",
        "aliases": "对应代码",
        "sections": "科室",
        "people": "人员",
        "posts": "岗位",
    }
)
COLUMNS: Mapping[SheetName, Mapping[str, str]] = MappingProxyType(
    {
        "units": {
            "code": "单位代码",
            "name": "单位名称",
            "group": "组别",
            "effective_from": "生效日期",
            "since": "登记日期",
            "closed_from": "撤销日期",
            "successor": "承接单位代码",
        },
        "aliases": {"unit": "单位代码", "source": "来源系统", "code": "系统中的代码"},
        "sections": {
            "code": "科室代码",
            "name": "科室名称",
            "unit": "单位代码",
            "effective_from": "生效日期",
            "since": "设立日期",
            "closed_from": "撤销日期",
        },
        "people": {
            "code": "人员代码",
            "name": "姓名",
            "unit": "单位代码",
            "section": "科室代码",
            "duty": "职责",
            "effective_from": "生效日期",
            "since": "到任日期",
            "closed_from": "离任日期",
        },
        "posts": {
            "code": "岗位代码",
            "name": "岗位名称",
            "unit": "单位代码",
            "section": "科室代码",
            "effective_from": "生效日期",
            "since": "设立日期",
            "a": "A岗人员代码",
            "a_from": "A岗生效日期",
            "b": "B岗人员代码",
            "b_from": "B岗生效日期",
            "closed_from": "撤销日期",
        },
    }
)
GROUP_WORDS: Mapping[Group, str] = MappingProxyType(
    {
        Group.PARTY_AND_CONGRESS: "党政群、人大、政协机关",
        Group.JUDICIARY: "司法机关",
        Group.GOVERNMENT: "政府部门",
        Group.PUBLIC_SERVICE: "公共服务行业",
        Group.DEVELOPMENT_ZONE: "开发区",
        Group.STATIONED: "驻芜单位",
        Group.COUNTY_AND_TOWN: "县区、镇街",
    }
)
DUTY_WORDS: Mapping[Duty, str] = MappingProxyType(
    {
        Duty.PRINCIPAL: "主要负责人",
        Duty.DEPUTY_IN_CHARGE: "分管负责人",
        Duty.SECTION_HEAD: "科室负责人",
        Duty.HANDLER: "经办人",
        Duty.SUPERVISOR: "监督员",
    }
)
WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "group": {group.value: words for group, words in GROUP_WORDS.items()},
        "duty": {duty.value: words for duty, words in DUTY_WORDS.items()},
    }
)
"""By field: the words that stand for a value."""


LAYOUT: Layout[AnyLine] = Layout(
    sheets=tuple(
        Sheet(
            name=name,
            title=title,
            line=LINES[name],
            columns=COLUMNS[name],
            words=WORDS,
            key=("source", "code") if name == "aliases" else ("code",),
        )
        for name, title in SHEETS.items()
    ),
    most_rows=100_000,
    most_bytes=20_000_000,
)
"""What a register document consists of; a city of 50,000 officials fits in, its posts too."""
