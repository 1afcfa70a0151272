"""Where the pages of rules and rehearsals are."""

from urllib.parse import quote

ROOT = "/console/rules"
DRAFT = f"{ROOT}/draft"
REHEARSALS = "/console/rehearsals"


def rule(id_: str, done: str = "", version: int = 0) -> str:
    """Return the page of a rule; `done` says what was just done to it."""
    asked = "&".join(
        filter(None, (f"version={version}" if version else "", done and f"done={done}"))
    )
    return f"{ROOT}/{quote(id_, safe='')}" + (f"?{asked}" if asked else "")


def draft(id_: str = "", version: int = 0) -> str:
    """Return the form for a draft, with the text of a version of a rule to begin with."""
    return f"{DRAFT}?id={quote(id_, safe='')}&version={version}" if id_ else DRAFT


def rehearsal(id_: str) -> str:
    """Return the page of a rehearsal."""
    return f"{REHEARSALS}/{quote(id_, safe='')}"
