"""What the routes that take register documents allow: the whole register of a city at once."""

from kernel.web.allowance import Allowance, Allowances
from services.evaluation.document.headings import LAYOUT
from services.evaluation.pages import paths

SLACK = 1 << 16
"""Bytes of a form around its file."""

DOCUMENT = Allowance(
    largest=LAYOUT.most_bytes * 4 // 3 + SLACK,  # the page of a preview gives it back in base64
    body_seconds=120.0,
    patience_seconds=300.0,
)
ALLOWANCES: Allowances = dict.fromkeys(
    ("/register/preview", "/register/import", paths.PREVIEW, paths.IMPORT), DOCUMENT
)
