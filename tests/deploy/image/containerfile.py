"""The instructions of our Containerfile, without an engine to build it."""

import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[3]
CONTAINERFILE = PROJECT / "deploy/image/Containerfile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One instruction: `words` is its exec form, or what the shell would make of it."""

    name: str
    flags: Sequence[str]
    words: Sequence[str]
    is_exec: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What follows one FROM."""

    image: str
    instructions: Sequence[Instruction]

    def of(self, name: str) -> Iterator[Instruction]:
        return (each for each in self.instructions if each.name == name)


def stages() -> list[Stage]:
    found: list[Stage] = []
    begun: list[Instruction] = []
    for each in _instructions(CONTAINERFILE.read_text(encoding="utf-8")):
        if each.name == "FROM":
            begun = []
            found.append(Stage(image=each.words[0], instructions=begun))
        else:
            begun.append(each)
    return found


def _instructions(text: str) -> Iterator[Instruction]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if not line.strip():
            continue
        name, _, rest = line.partition(" ")
        flags = []
        while rest.lstrip().startswith("--"):
            flag, _, rest = rest.lstrip().partition(" ")
            flags.append(flag)
        if name == "HEALTHCHECK":
            rest = rest.strip().removeprefix("CMD")
        is_exec = rest.strip().startswith("[")
        words = json.loads(rest) if is_exec else shlex.split(rest)
        yield Instruction(name=name, flags=flags, words=words, is_exec=is_exec)
