"""The golden events: one of each type and version, which has to parse for ever."""

from pathlib import Path

FOLDER = Path(__file__).parent / "golden"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


def golden(name: str) -> bytes:
    return (FOLDER / f"{name}.json").read_bytes()
