"""A file that attacks its reader is refused in words, has nothing else read, and costs little."""

import gzip
import io
import resource
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Thread

import pytest

from kernel.document.formats import MEDIA_TYPES, Format
from tests.electronic_supervision.log.traces import PERMITS, log_of, trace
from tests.electronic_supervision.log.workbooks import edited, workbook
from tests.system.hostile.town import Town

XLSX = MEDIA_TYPES[Format.XLSX]
ROWS = [["办件编号", "承办单位", "受理时间"], ["办件1", "单位1", "2026-09-01 09:00"]]
MAP = """
source: /wuhu/permits
case: {id: 办件编号, unit: 承办单位, accepted_at: 受理时间, limit: {working_days: 15}}
"""
CANARY = "canary-7f3a"
SHEET = "xl/worksheets/sheet1.xml"
BOOK = workbook(ROWS)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "哈哈哈哈">{LAUGHS}]>'
USE = '<row r="9"><c r="A9" t="inlineStr"><is><t>&e;</t></is></c></row>'
MOST_MEMORY = 600 << 20
PATIENCE = 60


def declared(declaration: str) -> bytes:
    return edited(BOOK, SHEET, "<worksheet", f"{declaration}<worksheet")


def with_part(name: str, text: bytes = b"x") -> bytes:
    """Return a workbook with one more part."""
    made = io.BytesIO(BOOK)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(name, text)
    return made.getvalue()


@lru_cache
def bomb() -> bytes:
    """Return a workbook of a few kilobytes that unpacks to a quarter of a gigabyte."""
    made = io.BytesIO(BOOK)
    with (
        zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as parts,
        parts.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(256):
            part.write(b" " * (1 << 20))
    return made.getvalue()


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """Return a file that nobody has been asked to read."""
    made = tmp_path / "canary"
    made.write_text(CANARY)
    return made


@contextmanager
def ear() -> Iterator[tuple[str, list[bytes]]]:
    """Listen as a stranger's server would, and note who comes."""
    came: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                came.append(caller.recv(100))
                caller.close()

        thread = Thread(target=listen, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", came
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))


def audited(folder: Path, name: str, content: bytes, map_text: str = MAP) -> tuple[int, str]:
    """Let a process with little memory read a log; return its exit code and all it said."""
    log, log_map, cases = folder / name, folder / "map.yaml", folder / "cases.csv"
    log.write_bytes(content)
    log_map.write_text(map_text)
    cases.unlink(missing_ok=True)
    command = [sys.executable, "-P", "-m", "deploy.command", "audit", str(log)]
    done = subprocess.run(
        [*command, "--map", str(log_map), "--cases", str(cases), "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        preexec_fn=limited,
    )
    told = cases.read_text() if cases.exists() else ""
    return done.returncode, done.stdout + done.stderr + told


HOSTILE_BOOKS: dict[str, Callable[[], bytes]] = {
    "a zip bomb": bomb,
    "entities that multiply": lambda: declared(BOMB),
    "macros": lambda: with_part("xl/vbaProject.bin"),
    "a zip in a zip": lambda: with_part("xl/inner.zip", bomb()),
    "a way out of the folder": lambda: with_part("../../../../etc/evil.xml"),
    "a link to another book": lambda: with_part(
        "xl/externalLinks/externalLink1.xml", b"<externalLink/>"
    ),
}


BY_AUDIT = {"a zip bomb": "log-too-large", "macros": "log-macros"}
"""By what code an audit refuses; what is left it reads without the dangerous part."""

BY_REGISTER = {
    "a zip bomb": "workbook-bomb",
    "entities that multiply": "workbook-bomb",
    "macros": "workbook-macros",
    "a link to another book": "workbook-links",
}


def test_the_book_that_the_attacks_start_from_is_read(tmp_path: Path) -> None:
    code, told = audited(tmp_path, "log.xlsx", BOOK)
    assert code == 0, told
    assert "办件1" in told


@pytest.mark.parametrize("what", HOSTILE_BOOKS)
def test_an_audit_of_a_hostile_workbook_ends_in_words(tmp_path: Path, what: str) -> None:
    _, told = audited(tmp_path, "log.xlsx", HOSTILE_BOOKS[what]())
    assert "Traceback" not in told, told
    assert BY_AUDIT.get(what, "") in told, told


def test_no_workbook_makes_an_audit_read_another_file_or_ask_anybody(
    tmp_path: Path, canary: Path
) -> None:
    with ear() as (stranger, came):
        for address in (canary.as_uri(), f"{stranger}/x"):
            for declaration, use in (
                (f'<!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]>', USE),
                (f'<!DOCTYPE x [<!ENTITY % e SYSTEM "{address}"> %e;]>', ""),
                (f'<!DOCTYPE x SYSTEM "{address}">', ""),
            ):
                hostile = edited(declared(declaration), SHEET, "</sheetData>", f"{use}</sheetData>")
                _, told = audited(tmp_path, "log.xlsx", hostile)
                assert CANARY not in told
                assert "Traceback" not in told, told
    assert came == [], "a stranger's server was asked"


def test_no_xes_makes_an_audit_read_another_file_or_ask_anybody(
    tmp_path: Path, canary: Path
) -> None:
    plain = log_of(trace())
    with ear() as (stranger, came):
        for address in (canary.as_uri(), f"{stranger}/x"):
            for declaration in (
                f'<!DOCTYPE log [<!ENTITY e SYSTEM "{address}">]>',
                f'<!DOCTYPE log [<!ENTITY % e SYSTEM "{address}"> %e;]>',
                f'<!DOCTYPE log SYSTEM "{address}">',
            ):
                log = plain.replace("<log", f"{declaration}<log", 1)
                hostile = log.replace('"XN-1"', '"XN-1&e;"') if "ENTITY e" in log else log
                _, told = audited(tmp_path, "log.xes", hostile.encode(), PERMITS)
                assert CANARY not in told
                assert "Traceback" not in told, told
    assert came == [], "a stranger's server was asked"


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz", "log.csv.gz", "log.xlsx.gz"])
def test_a_few_bytes_that_become_gigabytes_fill_no_memory(tmp_path: Path, name: str) -> None:
    if name == "log.xes":
        content = log_of(trace(case="XN-&l9;")).replace("<log", f"{BOMB}<log", 1).encode()
    else:
        packed = io.BytesIO()
        with gzip.GzipFile(fileobj=packed, mode="wb") as out:
            for _ in range(1024):
                out.write(b"x" * (1 << 20))
        content = packed.getvalue()
    code, told = audited(tmp_path, name, content, PERMITS if ".xes" in name else MAP)
    assert "MemoryError" not in told
    assert "Traceback" not in told, told[-2000:]
    assert code != 0


@pytest.mark.parametrize("what", HOSTILE_BOOKS)
async def test_a_hostile_register_is_refused_over_http_and_changes_nothing(
    town: Town, what: str
) -> None:
    before = await town.recorded()
    content = HOSTILE_BOOKS[what]()
    async with town.doors.client() as office:
        for path in ("/register/preview", f"/register/import?digest={'0' * 64}.{'0' * 64}"):
            answer = await office.post(path, content=content, headers={"Content-Type": XLSX})
            assert answer.status_code in (409, 413, 422), (path, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            if path.endswith("preview"):
                assert answer.json()["code"] == BY_REGISTER.get(what, answer.json()["code"])
    assert await town.recorded() == before
    assert "Traceback" not in town.doors.log.read_text()
