"""By which acts the registers are changed: of what kind, with which form."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from services.electronic_supervision.registers.forms import (
    bands,
    chains,
    green_cards,
    inspections,
)
from services.electronic_supervision.registers.store import (
    APPROVALS,
    BANDS,
    CHAINS,
    GREEN_CARDS,
    QUOTAS,
    Kind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An act; `is_new` makes an entry, `is_end` ends one, and `fills` begins with what is so."""

    title: str
    kind: Kind
    form: type[Any]
    is_new: bool = False
    is_end: bool = False
    fills: bool = False


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "grant": Act(title="发给绿卡", kind=GREEN_CARDS, form=green_cards.Granting, is_new=True),
        "renew": Act(title="变更有效期", kind=GREEN_CARDS, form=green_cards.Renewing),
        "rename": Act(title="企业更名", kind=GREEN_CARDS, form=green_cards.Renaming),
        "suspend": Act(title="暂停绿卡", kind=GREEN_CARDS, form=green_cards.Suspending),
        "resume": Act(title="恢复绿卡", kind=GREEN_CARDS, form=green_cards.Resuming),
        "withdraw-card": Act(
            title="收回绿卡", kind=GREEN_CARDS, form=green_cards.CardWithdrawing, is_end=True
        ),
        "approve": Act(
            title="登记检查审批", kind=APPROVALS, form=inspections.Approving, is_new=True
        ),
        "correct": Act(
            title="更正检查审批", kind=APPROVALS, form=inspections.Correcting, fills=True
        ),
        "revoke": Act(title="撤销检查审批", kind=APPROVALS, form=inspections.Revoking, is_end=True),
        "set-quota": Act(
            title="设定年度检查次数", kind=QUOTAS, form=inspections.QuotaSetting, is_new=True
        ),
        "except": Act(title="单列企业", kind=QUOTAS, form=inspections.Excepting),
        "lift": Act(title="取消单列", kind=QUOTAS, form=inspections.Lifting),
        "withdraw-quota": Act(
            title="撤销年度检查次数",
            kind=QUOTAS,
            form=inspections.QuotaWithdrawing,
            is_end=True,
        ),
        "publish-chain": Act(
            title="设立全程服务链", kind=CHAINS, form=chains.ChainPublishing, is_new=True
        ),
        "revise-chain": Act(
            title="修订全程服务链", kind=CHAINS, form=chains.ChainRevising, fills=True
        ),
        "withdraw-chain": Act(
            title="停用全程服务链", kind=CHAINS, form=chains.ChainWithdrawing, is_end=True
        ),
        "set-bands": Act(title="设定裁量档次", kind=BANDS, form=bands.BandSetting, is_new=True),
        "revise-bands": Act(title="修订裁量档次", kind=BANDS, form=bands.BandRevising, fills=True),
        "repeal-bands": Act(
            title="废止裁量档次", kind=BANDS, form=bands.BandRepealing, is_end=True
        ),
    }
)
"""By their names in addresses."""
