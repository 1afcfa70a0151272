"""Who held a case for how long: the citizen's time, shared out among the holders."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from services.electronic_supervision.domain.case import Case


def custody(case: Case, until: datetime) -> Mapping[str, timedelta]:
    """Return the elapsed time per holder from acceptance to receipt, or to `until` (UTC) if first.

    No pause is taken out: the shares add up to what the citizen waited. Holders appear in the order
    in which they first held the case; a hop noted before acceptance counts from acceptance.
    """
    if case.accepted is None:
        return {}
    begin = case.accepted.at.earliest
    received = case.received.at.earliest if case.received else until
    end = max(begin, min(received, until))
    turns = [(min(max(hop.at.earliest, begin), end), hop.label) for hop in case.hops]
    shares: dict[str, timedelta] = defaultdict(timedelta)
    for (at, holder), (leaves, _) in pairwise([*turns, (end, "")]):
        shares[holder] += leaves - at
    return dict(shares)
