"""An auditor reads what was agreed with a partner, and no digests."""

import json
from datetime import timedelta

import pytest

from kernel.access.partner import PartnerAdded, Terms
from kernel.access.partners import CODEC
from kernel.access.policy import Role
from kernel.access.principal import Grant
from kernel.access.token import TokenIssued
from kernel.access.tokens import CODEC as OF_TOKENS
from kernel.reception.audit.words import content


def test_the_terms_of_a_partner_are_told_field_by_field() -> None:
    terms = Terms(
        title="办公系统",
        source="/wuhu/oa",
        settle=timedelta(days=1, hours=6),
        subscribes=("supervision.alerts",),
        units=("WHZJW", "WHGAJ"),
        durable=True,
        rate=600,
    )
    _, data = CODEC.encode(PartnerAdded(name="oa", terms=terms, nkey="UABC"))
    assert content(data) == (
        "名称 oa；约定 姓名或者名称 办公系统，来源 /wuhu/oa，最迟上传 1天6小时，"
        "订阅 supervision.alerts，限于单位 WHZJW、WHGAJ，离线期间保留 是，"
        "每分钟事件数上限 600；总线公钥 UABC"
    )


@pytest.mark.parametrize(
    ("settle", "words"), [("PT0S", "即时"), ("PT30M", "30分钟"), ("P1DT2H", "1天2小时")]
)
def test_a_time_is_told_in_words(settle: str, words: str) -> None:
    assert content(json.dumps({"settle": settle})) == f"最迟上传 {words}"


def test_the_digest_of_a_token_is_left_out() -> None:
    issued = TokenIssued(
        id="1",
        name="大屏",
        grants=(Grant(role=Role.LEADER, unit="WHZJW"),),
        source=None,
        digest="0" * 64,
        expires_at=None,
    )
    _, data = OF_TOKENS.encode(issued)
    assert content(data) == "编号 1；名称 大屏；角色 领导（WHZJW）"
