"""What a reader of a rehearsal must know that its figures do not say."""

from collections.abc import Sequence

from services.electronic_supervision.domain.rules.demands import OverTime
from services.electronic_supervision.rehearsal.proposal import Kind, Proposal
from services.electronic_supervision.rehearsal.tally import Tally
from services.electronic_supervision.rules.read import read_rule

OVER_TIME = (
    "本规则按一段时间内的多个办件认定（累计、占比、缺失等），预演只逐件比对，"
    "因此不反映它的结果，也不计作预演，这一版暂不能生效。"
)


def notes_on(proposal: Proposal, tally: Tally) -> Sequence[str]:
    """Return them in Chinese."""
    notes = []
    if proposal.kind is Kind.RULE and isinstance(
        read_rule(proposal.document).rule.demand, OverTime
    ):
        notes.append(OVER_TIME)
    if tally.stuck:
        notes.append(f"有{tally.stuck}个办件因程序错误没有比对，已记入日志。")
    return notes
