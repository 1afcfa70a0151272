"""Whose work a bundle carries, and under which terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

CLASSIFIER = "License :: "
LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Licence:
    """A package, and the terms that it names."""

    package: str
    version: str
    terms: str


def licence(wheel: Path) -> Licence:
    """Read what a wheel says of itself."""
    with ZipFile(wheel) as archive:
        (name,) = [
            each
            for each in archive.namelist()
            if each.count("/") == 1 and each.endswith(".dist-info/METADATA")
        ]
        told = Parser().parsestr(archive.read(name).decode("utf-8"), headersonly=True)
    return Licence(package=told["Name"], version=told["Version"], terms=_terms(told))


def _terms(told: Message) -> str:
    if expression := told["License-Expression"]:
        return str(expression)
    classifiers = told.get_all("Classifier", [])
    named = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith(CLASSIFIER)]
    first = (told["License"] or "").strip().splitlines()[:1]
    if first and len(first[0]) <= LONGEST:  # some put the whole text there
        return first[0]
    return "; ".join(named) or "see the package"


def table(wheels: Iterable[Path]) -> str:
    """Return a line for each package; the texts are in the packages themselves."""
    found = sorted({licence(each) for each in wheels})
    lines = [f"{each.package} {each.version}\t{each.terms}" for each in found]
    return "\n".join(["package\tterms", *lines, ""])
