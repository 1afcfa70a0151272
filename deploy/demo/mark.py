"""The mark of a demonstration in its data folder: which city it is, and how far it was told."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from deploy.refusal import RefusedError

FILE = "demo.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The seed and the beginning of a city; all that is told until `told_through` is on the bus."""

    seed: int
    began: datetime
    told_through: datetime | None = None


def is_demo(folder: Path) -> bool:
    """Tell whether what a data folder holds is made up."""
    return (folder / FILE).exists()


def load(folder: Path) -> Mark | None:
    """Read the mark; None where there is none. Raises RefusedError (`demo-mark-damaged`)."""
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        through = told["told_through"]
        return Mark(
            seed=int(told["seed"]),
            began=datetime.fromisoformat(told["began"]),
            told_through=None if through is None else datetime.fromisoformat(through),
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise RefusedError(
            "demo-mark-damaged",
            f"{folder / FILE} 已损坏，不知道演示进行到哪里。",
            "请用 xiaoneng reset --yes 清除演示数据后重新开始。",
        ) from error


def save(folder: Path, mark: Mark) -> None:
    """Write the mark, all or nothing: half a mark would begin another city."""
    through = None if mark.told_through is None else mark.told_through.isoformat()
    told = {"seed": mark.seed, "began": mark.began.isoformat(), "told_through": through}
    new = folder / f"{FILE}.new"
    with new.open("w", encoding="utf-8") as out:
        json.dump(told, out, indent=2)
        out.flush()
        os.fsync(out.fileno())
    new.replace(folder / FILE)
