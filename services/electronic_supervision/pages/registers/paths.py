"""Where the pages of the registers are."""

from urllib.parse import quote, urlencode

ROOT = "/console/registers"
IMPORT = f"{ROOT}/import"
PREVIEW = f"{ROOT}/preview"
ACT = f"{ROOT}/act"


def listing(kind: str, **query: str) -> str:
    """Return the address of the list of a kind."""
    return _with(ROOT, {"kind": kind, **query})


def entry(kind: str, code: str, **query: str) -> str:
    """Return the address of an entry's page; a code may hold anything."""
    return _with(f"{ROOT}/{kind}/{quote(code, safe='')}", query)


def act(slug: str, **query: str) -> str:
    """Return the address of a form; `query` fills it in."""
    return _with(f"{ACT}/{slug}", query)


def _with(path: str, query: dict[str, str]) -> str:
    told = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(told)}" if told else path
