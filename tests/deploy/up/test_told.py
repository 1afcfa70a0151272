"""Ctrl-C ends a start wherever it comes, once is enough, and nothing is left."""

import os
import random
import re
import signal
import time
from pathlib import Path

from deploy.local.leftovers import leftovers
from tests.deploy.typed import Place, wait_until

SEED = 20_261_123
MOMENTS = 20
LONGEST_SECONDS = 10
"""Three times what is promised: other tests run on the machine too."""

MARKS = ("Traceback", "Exception ignored", "Error", "server-lost", "-unreachable")


def is_heeding(pid: int) -> bool:
    """Tell whether a process hears SIGTERM: from then on it is the command, not Python, we tell."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    caught = re.search(r"^SigCgt:\s*([0-9a-f]+)", status, re.MULTILINE)
    return caught is not None and bool(int(caught[1], 16) >> (signal.SIGTERM - 1) & 1)


def processes_of(place: Place) -> list[str]:
    """Return the command lines of all processes that work on a folder."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = each.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(place.data) in command:
            found.append(command)
    return found


def interrupt(place: Place, after: float) -> None:
    process = place.start()
    wait_until(lambda: is_heeding(process.pid))
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    code = process.wait(LONGEST_SECONDS)
    said = place.said
    assert code == 130, f"{after:.3f} s: {code}: {said}"
    assert not [each for each in MARKS if each in said], f"{after:.3f} s: {said}"
    assert processes_of(place) == [], f"{after:.3f} s: {said}"


def test_ctrl_c_is_heard_at_any_moment_of_a_start(here: Place) -> None:
    moments = random.Random(SEED)
    began = time.monotonic()
    here.started().send_signal(signal.SIGINT)
    here.running[-1].wait(LONGEST_SECONDS)
    longest = time.monotonic() - began
    for _ in range(MOMENTS):
        interrupt(here, moments.uniform(0, longest))
    here.started()


def test_ctrl_c_is_heard_at_any_moment_of_a_first_start(here: Place) -> None:
    moments = random.Random(SEED)
    for number in range(MOMENTS // 2):
        place = Place(here.data.with_name(f"data-{number}"), here.port, here.running)
        interrupt(place, moments.uniform(0, 2))


def test_who_tells_us_again_and_again_waits_for_nothing(here: Place) -> None:
    process = here.started()
    server = next(each.pid for each in leftovers(here.data) if each.name == "PostgreSQL")
    os.kill(server, signal.SIGSTOP)  # in good order, nothing would end now
    try:
        began = time.monotonic()
        while process.poll() is None:
            assert time.monotonic() - began < LONGEST_SECONDS, "only kill -9 would end it"
            process.send_signal(signal.SIGINT)
            time.sleep(0.05)
        assert process.returncode == 130
    finally:
        os.kill(server, signal.SIGCONT)
    wait_until(lambda: here.servers() == [])
