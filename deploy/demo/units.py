"""Units of Wuhu (芜湖) as today's signs on their doors name them, and what each system calls them.

Names only are real: what the simulated city tells of them is made up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from contracts.organisation import UnitGroup

REGISTERED_FROM = date(2024, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit of the register; `short` is what the hotline and the OA call it.

    `division` is the number of the county, in the counties' own system.
    """

    code: str
    name: str
    short: str
    group: UnitGroup
    division: str = ""


def _units(group: UnitGroup, *rows: tuple[str, str, str]) -> tuple[Unit, ...]:
    return tuple(
        Unit(code=f"WH-{code}", name=name, short=short, group=group) for code, name, short in rows
    )


def _county(code: str, name: str, division: str) -> Unit:
    return Unit(
        code=f"WH-{code}",
        name=f"{name}人民政府",
        short=name,
        group=UnitGroup.COUNTY_AND_TOWN,
        division=division,
    )


UNITS: tuple[Unit, ...] = (
    *_units(
        UnitGroup.GOVERNMENT,
        ("FGW", "芜湖市发展和改革委员会", "市发展改革委"),
        ("JYJ", "芜湖市教育局", "市教育局"),
        ("GAJ", "芜湖市公安局", "市公安局"),
        ("RSJ", "芜湖市人力资源和社会保障局", "市人社局"),
        ("ZGJ", "芜湖市自然资源和规划局", "市自然资源局"),
        ("STJ", "芜湖市生态环境局", "市生态环境局"),
        ("ZJJ", "芜湖市住房和城乡建设局", "市住建局"),
        ("JTJ", "芜湖市交通运输局", "市交通局"),
        ("SWJ", "芜湖市水务局", "市水务局"),
        ("WLJ", "芜湖市文化和旅游局", "市文旅局"),
        ("WJW", "芜湖市卫生健康委员会", "市卫健委"),
        ("YJJ", "芜湖市应急管理局", "市应急局"),
        ("SCJ", "芜湖市市场监督管理局", "市市场监管局"),
        ("CGJ", "芜湖市城市管理局", "市城管局"),
        ("SJJ", "芜湖市数据资源管理局", "市数据资源局"),
        ("YBJ", "芜湖市医疗保障局", "市医保局"),
    ),
    *_units(
        UnitGroup.STATIONED,
        ("SWS", "国家税务总局芜湖市税务局", "市税务局"),
    ),
    *_units(
        UnitGroup.PUBLIC_SERVICE,
        ("GJJ", "芜湖市住房公积金管理中心", "市公积金中心"),
        ("GDG", "芜湖供电公司", "供电公司"),
        ("GSG", "芜湖市供水公司", "供水公司"),
        ("RQG", "芜湖市燃气公司", "燃气公司"),
    ),
    *_units(
        UnitGroup.DEVELOPMENT_ZONE,
        ("JKQ", "芜湖经济技术开发区管理委员会", "经开区"),
    ),
    _county("JHQ", "镜湖区", "340202"),
    _county("YJQ", "弋江区", "340209"),
    _county("JJQ", "鸠江区", "340207"),
    _county("WZQ", "湾沚区", "340210"),
    _county("FCQ", "繁昌区", "340212"),
    _county("NLX", "南陵县", "340223"),
    _county("WWS", "无为市", "340281"),
)

BY_SHORT: Mapping[str, Unit] = {unit.short: unit for unit in UNITS}
