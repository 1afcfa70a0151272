"""Nothing that a spreadsheet would run is in a file that we write, whoever sent it."""

import csv
import io
from urllib.parse import quote

from openpyxl import load_workbook

from kernel.access.account import OpenAccount
from kernel.access.accounts import carry_out
from kernel.access.policy import Role
from kernel.access.principal import Grant
from tests.system.hostile.town import AUDITOR, Town, moment

STARTS = ("=", "+", "-", "@", "\t", "\r")
FORMULAS = (
    "=HYPERLINK(1)",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|x",
    "@SUM(1)",
    "=1+1",
    "'=1+1",
    '"=1+1',
)


def is_harmless(cell: str) -> bool:
    return not cell.startswith(STARTS)


async def test_no_cell_of_the_audit_is_a_formula(town: Town) -> None:
    access = await town.access()
    for n, each in enumerate(FORMULAS):
        opening = OpenAccount(name=f"formula{n}", title=each, grants=(Grant(role=Role.LEADER),))
        await carry_out(access, opening, now=moment(), by={"by": each, "role": each, "unit": each})
    await access.close()
    async with town.doors.client(AUDITOR) as auditor:
        answer = await auditor.get("/console/audit.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    cells = [cell for row in rows for cell in row]
    assert len(rows) > len(FORMULAS)
    assert any("=HYPERLINK(1)" in cell for cell in cells)
    assert [cell for cell in cells if not is_harmless(cell)] == []


async def test_no_cell_of_the_exported_register_is_a_formula(town: Town) -> None:
    async with town.doors.client() as office:
        for n, each in enumerate(FORMULAS):
            unit = {"name": each, "group": "government", "effective_from": "2012-01-01"}
            code = quote(f"{each[:1]}unit{n}", safe="")
            answer = await office.put(f"/units/{code}", json=unit)
            assert answer.status_code == 201, answer.text
        answer = await office.get("/register/export")
    book = load_workbook(io.BytesIO(answer.content))
    found = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    texts = [str(cell.value) for cell in found if cell.value is not None]
    assert any("HYPERLINK" in each for each in texts)
    assert [cell.coordinate for cell in found if cell.data_type == "f"] == []
    assert [each for each in texts if not is_harmless(each)] == []
    assert all(cell.hyperlink is None for cell in found)
