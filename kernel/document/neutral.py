"""Texts that a spreadsheet would take for formulas, made harmless and back again."""

import re

DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
MADE_HARMLESS = re.compile(r"'+[=+\-@\t\r]")


def neutral(text: str) -> str:
    """Return the text with an apostrophe before what would begin a formula."""
    return f"'{text}" if DANGEROUS.match(text) else text


def original(text: str) -> str:
    """Return the text that was made harmless."""
    return text[1:] if MADE_HARMLESS.match(text) else text
