"""After a day's work no secret and nothing of a person is where others may read it."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local.leftovers import leftovers
from tests.deploy.typed import Place, place

WORDS = "correct horse battery staple 9"
PERSON = "王小明 34020219900101123X 13955501234"
OTHERS = stat.S_IRWXG | stat.S_IRWXO
TEXTS = (".log", ".json", ".conf", ".html", ".yaml", ".csv")


@pytest.fixture(scope="module")
def here() -> Iterator[Place]:
    with place() as made:
        made.started()
        yield made


@pytest.fixture(scope="module")
def secrets(here: Place) -> dict[str, str]:
    """Do what officials and programs do, well and badly, and return all that is secret of it."""
    known = {"token of the stack": str(here.stack["token"]), "person": PERSON, "words": WORDS}
    known |= _passwords(here.data)
    opened = here.type("account", "add", "secretary", "--role", "效能办")
    assert opened.returncode == 0, opened.stderr
    lines = [line.split() for line in opened.stdout.splitlines()]
    given = next(words[1] for words in lines if words[:1] == ["口令"])
    known["generated password"] = given
    origin = f"http://127.0.0.1:{here.port}"
    with httpx.Client(base_url=origin, headers={"Origin": origin, "Accept": "text/html"}) as page:
        for password in ("wrong", given):
            page.post("/sign-in", data={"account": "secretary", "password": password})
        known["first cookie"] = page.cookies["xiaoneng"]
        changed = {"current": given, "new": WORDS, "again": WORDS}
        assert page.post("/console/account/password", data=changed).status_code == 303
        known["second cookie"] = page.cookies["xiaoneng"]
        page.get("/console/cases", params={"q": PERSON})
        page.get(f"/console/cases/{PERSON}")
        page.post("/sign-in", data={"account": PERSON, "password": WORDS})
    bearer = {"Authorization": f"Bearer {here.stack['token']}"}
    with httpx.Client(base_url=origin, headers=bearer) as program:
        program.post("/events", content=json.dumps({"subject": PERSON}).encode())
        program.put("/units/x", json={"name": PERSON, "group": PERSON})
        program.get("/cases", params={"number": PERSON, "after": PERSON})
    return known


def _passwords(data: Path) -> dict[str, str]:
    """Return what the stack's own folder keeps of passwords, by where it does."""
    found = {}
    for file in data.rglob("*.json"):
        told = json.loads(file.read_text())
        for name, value in told.items() if isinstance(told, dict) else ():
            if "password" in f"{file.name} {name}" and isinstance(value, str):
                found[f"{file.name} {name}"] = value
    return found


def parts(secrets: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what must not be found, a person's text in its pieces too."""
    for name, secret in secrets.items():
        for piece in {secret, *(secret.split() if name == "person" else ())}:
            if len(piece) >= 3:
                yield name, piece


def test_there_are_secrets_to_look_for(secrets: dict[str, str]) -> None:
    kept = [name for name in secrets if name.startswith("passwords.json")]
    assert len(kept) >= 3, "passwords of servers"
    assert all(secrets.values())


def test_no_log_repeats_a_secret_or_a_person(here: Place, secrets: dict[str, str]) -> None:
    logs = [file for file in (here.data / "logs").rglob("*") if file.is_file()]
    assert logs, "there are logs"
    for file in logs:
        text = file.read_text(errors="replace")
        for name, piece in parts(secrets):
            assert piece not in text, f"{file.name} holds the {name}"


def test_no_figure_and_no_status_repeats_a_secret(here: Place, secrets: dict[str, str]) -> None:
    told = here.type("status", "--json").stdout + here.type("status").stdout
    told += here.type("doctor", "--json").stdout
    for path in ("/metrics", "/readyz", "/livez", "/openapi.json", "/sign-in"):
        told += httpx.get(f"http://127.0.0.1:{here.port}{path}").text
    for name, piece in parts(secrets):
        assert piece not in told, f"it tells the {name}"


def test_no_list_of_processes_shows_a_secret(here: Place, secrets: dict[str, str]) -> None:
    pids = {each.pid for each in leftovers(here.data)} | {each.pid for each in here.running}
    assert len(pids) == 3
    for proc in Path("/proc").glob("[0-9]*"):
        try:
            line = (proc / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        for name, piece in parts(secrets):
            assert piece not in line, f"{line} shows the {name}"


def test_no_error_repeats_a_secret_or_a_person(here: Place, secrets: dict[str, str]) -> None:
    bearer = {"Authorization": f"Bearer {secrets['token of the stack']}"}
    origin = f"http://127.0.0.1:{here.port}"
    with httpx.Client(base_url=origin, headers=bearer) as program:
        for answer in (
            program.post("/events", json={"subject": PERSON, PERSON: PERSON}),
            program.get("/cases", params={"limit": PERSON, "after": PERSON}),
            program.get(f"/cases/{PERSON}"),
            program.put("/units/x", json={"name": [PERSON], PERSON: 1}),
            program.get(f"/{PERSON}"),
        ):
            assert answer.status_code >= 400
            for name, piece in parts(secrets):
                assert piece not in answer.text, f"{answer.url.path} repeats the {name}"


def test_what_holds_a_secret_is_for_its_owner_alone(here: Place, secrets: dict[str, str]) -> None:
    open_to_others = []
    for root, _, names in os.walk(here.data):
        for file in (Path(root, name) for name in names):
            if file.is_symlink() or not file.is_file():
                continue
            text = file.read_bytes().decode(errors="replace") if file.suffix in TEXTS else ""
            holds = any(piece in text for _, piece in parts(secrets))
            if holds and (file.stat().st_mode & OTHERS) and _is_reachable(file, here.data):
                open_to_others.append(str(file.relative_to(here.data)))
    assert open_to_others == []


def _is_reachable(file: Path, top: Path) -> bool:
    """Tell whether others may pass through all folders down to a file."""
    folders = [each for each in file.parents if each == top or top in each.parents]
    return all(each.stat().st_mode & stat.S_IXOTH for each in folders)
