"""Who may do what: the one table of roles and rights. What is not in it is denied."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from contracts.grants import SUBSCRIPTIONS


class Role(StrEnum):
    """In what capacity somebody acts, or a machine does."""

    RECEPTION = "reception"
    """受理员"""
    HANDLER = "handler"
    """承办人, of his own units only"""
    OFFICE = "office"
    """效能办"""
    DISCIPLINE = "discipline"
    """纪检监察"""
    REVIEW = "review"
    """政评办"""
    LEADER = "leader"
    """领导, who reads"""
    AUDITOR = "auditor"
    """审计, who reads all and changes nothing"""
    ADMINISTRATOR = "administrator"
    """管理员, who keeps accounts and sees no case"""
    PUBLISHER = "publisher"
    """发布: a machine that reports under its own source"""
    SUBSCRIBER = "subscriber"
    """订阅: a machine that follows what we publish"""


class Right(StrEnum):
    """What a route needs."""

    SEE_CASES = "see-cases"
    SEE_LEADS = "see-leads"
    FOLLOW_JUDGEMENTS = "follow-judgements"
    SEE_CALENDAR = "see-calendar"
    SEE_SOURCES = "see-sources"
    SETTLE_MESSAGES = "settle-messages"
    REPORT_EVENTS = "report-events"
    TRY_EVENTS = "try-events"
    SEE_REGISTER = "see-register"
    KEEP_REGISTER = "keep-register"
    SEE_CATALOGUE = "see-catalogue"
    KEEP_CATALOGUE = "keep-catalogue"
    KEEP_ACCOUNTS = "keep-accounts"
    SEE_AUDIT = "see-audit"
    KEEP_OWN_ACCOUNT = "keep-own-account"


R = Role
PEOPLE = frozenset(R) - {R.PUBLISHER, R.SUBSCRIBER}
READERS = PEOPLE - {R.RECEPTION, R.ADMINISTRATOR}

POLICY: Mapping[Right, frozenset[Role]] = MappingProxyType(
    {
        Right.SEE_CASES: READERS,
        # whoever is looked into is not warned
        Right.SEE_LEADS: frozenset({R.OFFICE, R.DISCIPLINE, R.AUDITOR}),
        Right.FOLLOW_JUDGEMENTS: READERS | {R.SUBSCRIBER},
        Right.SEE_CALENDAR: PEOPLE - {R.ADMINISTRATOR},
        Right.SEE_SOURCES: frozenset({R.OFFICE, R.DISCIPLINE, R.AUDITOR}),
        Right.SETTLE_MESSAGES: frozenset({R.OFFICE}),
        Right.REPORT_EVENTS: frozenset({R.PUBLISHER}),
        Right.TRY_EVENTS: frozenset({R.PUBLISHER, R.OFFICE}),
        Right.SEE_REGISTER: PEOPLE | {R.SUBSCRIBER},
        Right.KEEP_REGISTER: frozenset({R.OFFICE}),
        Right.SEE_CATALOGUE: (PEOPLE - {R.ADMINISTRATOR}) | {R.SUBSCRIBER},
        Right.KEEP_CATALOGUE: frozenset({R.OFFICE}),
        Right.KEEP_ACCOUNTS: frozenset({R.ADMINISTRATOR}),
        Right.SEE_AUDIT: frozenset({R.AUDITOR}),
        Right.KEEP_OWN_ACCOUNT: PEOPLE,
    }
)

BY_SUBSCRIPTION: Mapping[Right, frozenset[str]] = MappingProxyType(
    {
        Right.FOLLOW_JUDGEMENTS: frozenset(
            each for each in SUBSCRIPTIONS if each.startswith("supervision.")
        ),
        Right.SEE_REGISTER: frozenset({"organisation.all"}),  # it names people
        Right.SEE_CATALOGUE: frozenset({"supervision.catalogue", "supervision.all"}),
    }
)
"""Which subscription gives 订阅 a right of its role: names of contracts.grants, any one of them."""

BOUND_TO_UNITS = frozenset({R.HANDLER})
"""Roles that nobody has for the whole city."""

MAY_HAVE_UNITS = BOUND_TO_UNITS | {R.RECEPTION, R.REVIEW, R.LEADER, R.SUBSCRIBER}
"""Roles that can be held for some units: whatever they may do concerns what belongs to a unit."""

ROLE_WORDS: Mapping[Role, str] = MappingProxyType(
    {
        R.RECEPTION: "受理员",
        R.HANDLER: "承办人",
        R.OFFICE: "效能办",
        R.DISCIPLINE: "纪检监察",
        R.REVIEW: "政评办",
        R.LEADER: "领导",
        R.AUDITOR: "审计",
        R.ADMINISTRATOR: "管理员",
        R.PUBLISHER: "发布",
        R.SUBSCRIBER: "订阅",
    }
)
RIGHT_WORDS: Mapping[Right, str] = MappingProxyType(
    {
        Right.SEE_CASES: "查看办件和预警",
        Right.SEE_LEADS: "查看供核查的线索",
        Right.FOLLOW_JUDGEMENTS: "订阅监察结论",
        Right.SEE_CALENDAR: "查看工作日历",
        Right.SEE_SOURCES: "查看报送来源",
        Right.SETTLE_MESSAGES: "处理隔离报文",
        Right.REPORT_EVENTS: "报送事件",
        Right.TRY_EVENTS: "试报事件",
        Right.SEE_REGISTER: "查看名册",
        Right.KEEP_REGISTER: "维护名册",
        Right.SEE_CATALOGUE: "查看事项目录和监察依据",
        Right.KEEP_CATALOGUE: "维护事项目录和监察依据",
        Right.KEEP_ACCOUNTS: "管理账号",
        Right.SEE_AUDIT: "查看操作审计",
        Right.KEEP_OWN_ACCOUNT: "管理本人账号",
    }
)
