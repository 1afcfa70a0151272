"""Where the pages of the catalogue are."""

from urllib.parse import quote, urlencode

ROOT = "/console/catalogue"
IMPORT = f"{ROOT}/import"
PREVIEW = f"{ROOT}/preview"
COMPRESSION = f"{ROOT}/compression"
EDIT = f"{ROOT}/edit"
WITHDRAW = f"{ROOT}/withdraw"
ADD_ALIAS = f"{ROOT}/aliases"
REMOVE_ALIAS = f"{ROOT}/aliases/remove"


def item(code: str, done: str = "") -> str:
    """Return the page of an item; `done` says what was just done to it."""
    return f"{ROOT}/items/{quote(code, safe='')}" + (f"?done={done}" if done else "")


def edit(code: str = "") -> str:
    """Return the form for an item, or for a new one."""
    return f"{EDIT}?{urlencode({'code': code})}" if code else EDIT


def listing(**asked: str) -> str:
    """Return the list of items that are asked for."""
    told = {key: value for key, value in asked.items() if value}
    return f"{ROOT}?{urlencode(told)}" if told else ROOT
