"""Where the pages of the register are."""

from urllib.parse import quote, urlencode

ROOT = "/console/register"
ALIASES = f"{ROOT}/aliases"
IMPORT = f"{ROOT}/import"
PREVIEW = f"{ROOT}/preview"
ACT = f"{ROOT}/act"

PLURALS = {"unit": "units", "section": "sections", "post": "posts", "person": "people"}


def entry(kind: str, code: str, **query: str) -> str:
    """Return the address of an entry's page; a code may hold anything."""
    return _with(f"{ROOT}/{PLURALS[kind]}/{quote(code, safe='')}", query)


def act(slug: str, **query: str) -> str:
    """Return the address of a form; `query` fills it in."""
    return _with(f"{ACT}/{slug}", query)


def _with(path: str, query: dict[str, str]) -> str:
    told = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(told)}" if told else path
