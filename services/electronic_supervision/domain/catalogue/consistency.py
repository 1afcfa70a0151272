"""What the catalogue does not take: limits over the law, clauses or codes that do not add up."""

from collections.abc import Iterable

from services.electronic_supervision.domain.catalogue.item_content import (
    Arrangement,
    ItemContent,
)
from services.electronic_supervision.domain.catalogue.period import Comparison, Period, compare
from services.electronic_supervision.domain.refused import Refused


def make_sure_of(content: ItemContent) -> None:
    """Refuse what contradicts itself.

    Raises Refused: `limit-out-of-range`, `clause-missing`, `promise-over-statute`,
    `green-card-over-promise`, `limits-not-comparable`, `step-twice`, `material-twice`,
    `ground-twice`, `post-a-is-b`, `handed-to-missing`, `handed-to-needless`.
    """
    _periods(content)
    _clauses(content)
    if content.promised is not None and content.statutory is not None:
        _not_longer(content.promised, content.statutory, "promise-over-statute", "promised")
    if content.green_card is not None and content.allowed is not None:
        _not_longer(content.green_card, content.allowed, "green-card-over-promise", "green_card")
    _once((each.code for each in content.steps), "step-twice", "steps")
    _once((each.code for each in content.materials), "material-twice", "materials")
    _once((each.ground for each in content.pauses), "ground-twice", "pauses")
    if content.post_a is not None and content.post_a == content.post_b:
        raise Refused("post-a-is-b", field="post_b")
    is_handed_down = content.arrangement is Arrangement.HANDED_DOWN
    if is_handed_down and content.handed_to is None:
        raise Refused("handed-to-missing", field="handed_to")
    if not is_handed_down and content.handed_to is not None:
        raise Refused("handed-to-needless", field="handed_to")


def _periods(content: ItemContent) -> None:
    stated = {
        "statutory": content.statutory,
        "promised": content.promised,
        "green_card": content.green_card,
    }
    for field, period in [*stated.items(), *(("steps", each.limit) for each in content.steps)]:
        if period is not None and not period.is_in_reach:
            raise Refused("limit-out-of-range", field=field)


def _clauses(content: ItemContent) -> None:
    if content.statutory is not None and not content.statutory_clause:
        raise Refused("clause-missing", field="statutory_clause")
    if content.promised is not None and not content.promised_clause:
        raise Refused("clause-missing", field="promised_clause")


def _not_longer(one: Period, other: Period, code: str, field: str) -> None:
    match compare(one, other):
        case Comparison.LONGER:
            raise Refused(code, field=field)
        case Comparison.UNCERTAIN:
            raise Refused("limits-not-comparable", field=field)
        case Comparison.NOT_LONGER:
            pass


def _once(codes: Iterable[str], code: str, field: str) -> None:
    told = list(codes)
    if len(set(told)) < len(told):
        raise Refused(code, field=field)
