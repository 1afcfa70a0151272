"""What the routes that take register documents allow: the whole register of a city at once."""

from kernel.web.allowance import Allowance, Allowances
from services.evaluation.pages import paths
from services.evaluation.pages.importing import MOST_PACKED

SLACK = 1 << 16
"""Bytes of a form around its file."""

DOCUMENT = Allowance(
    largest=MOST_PACKED + SLACK,
    body_seconds=120.0,
    patience_seconds=300.0,
)
ALLOWANCES: Allowances = dict.fromkeys(
    ("/register/preview", "/register/import", paths.PREVIEW, paths.IMPORT), DOCUMENT
)
