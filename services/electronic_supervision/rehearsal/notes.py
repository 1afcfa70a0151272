"""What a reader of a rehearsal must know that its figures do not say."""

from collections.abc import Sequence

from services.electronic_supervision.domain.rules.demands import Absence
from services.electronic_supervision.rehearsal.proposal import Kind, Proposal
from services.electronic_supervision.rehearsal.tally import Tally
from services.electronic_supervision.rules.read import read_rule

ABSENCE = (
    "本规则认定的是缺失（来源无报送、岗位无人、未公布指南、未报材料），记录中没有可逐日重演的事实，"
    "因此没有预演结果，也不计作预演，这一版暂不能生效。"
)


def notes_on(proposal: Proposal, tally: Tally) -> Sequence[str]:
    """Return them in Chinese."""
    notes = []
    if proposal.kind is Kind.RULE and isinstance(read_rule(proposal.document).rule.demand, Absence):
        notes.append(ABSENCE)
    if tally.stuck:
        notes.append(f"有{tally.stuck}个办件因程序错误没有比对，已记入日志。")
    return notes
