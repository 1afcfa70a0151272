"""Workbooks and documents to import, good and hostile ones."""

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook

from kernel.document.formats import MEDIA_TYPES, Format

XLSX, YAML = MEDIA_TYPES[Format.XLSX], MEDIA_TYPES[Format.YAML]
HOUSING_ROW = ("WHZJW", "芜湖市住房和城乡建设委员会", "政府部门", "2011-09-20")
UNIT_COLUMNS = ("单位代码", "单位名称", "组别", "生效日期")

TOWN = """
units:
- {code: WHZJW, name: 芜湖市住房和城乡建设委员会, group: government, effective_from: 2011-09-20}
- {code: WHWSJ, name: 芜湖市卫生局, group: government, effective_from: 2011-09-20}
aliases:
- {unit: WHZJW, source: /wuhu/12345, code: 住建委}
sections:
- {code: WHZJW-SP, unit: WHZJW, name: 行政审批科, effective_from: 2011-09-20}
people:
- code: R0001
  name: 张德胜
  unit: WHZJW
  section: WHZJW-SP
  duty: handler
  effective_from: 2012-03-01
  since: 2011-09-20
- {code: R0002, name: 李文秀, unit: WHZJW, duty: section-head, effective_from: 2011-09-20}
posts:
- code: WHZJW-SP-01
  name: 施工许可受理岗
  unit: WHZJW
  section: WHZJW-SP
  effective_from: 2011-09-20
  a: R0001
  a_from: 2011-10-01
  b: R0002
  b_from: 2011-10-01
"""


def book(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """Return a workbook with these sheets and rows."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    told = BytesIO()
    made.save(told)
    return told.getvalue()


def units(*rows: Sequence[object]) -> bytes:
    """Return a workbook of units."""
    return book({"单位": [UNIT_COLUMNS, *rows]})


def with_part(content: bytes, name: str, body: bytes) -> bytes:
    """Return a workbook with one more part, or with another one instead."""
    told = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, body)
    return told.getvalue()


def part(content: bytes, name: str) -> bytes:
    """Return a part of a workbook."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        return parts.read(name)
