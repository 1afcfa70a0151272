"""What the city's catalogue of service items (事项目录) says, for those who accept cases by it."""

from datetime import date
from enum import StrEnum

from contracts.vocabulary import Code, Limit, Published, Text


class Nature(StrEnum):
    """What kind of business an item is."""

    APPROVAL = "approval"
    """行政许可"""
    SERVICE = "service"
    """公共服务"""
    COMPLAINT = "complaint"
    """投诉办理"""
    ACCOUNTABILITY = "accountability"
    """责任追究"""
    ASSESSMENT = "assessment"
    """绩效考核"""
    INVESTMENT = "investment"
    """招商引资"""
    INSPECTION = "inspection"
    """行政检查"""
    PENALTY = "penalty"
    """行政处罚"""
    OTHER = "other"
    """其他"""


class ItemStep(Published):
    """A step (环节) of an item."""

    step: Code
    name: Text
    limit: Limit | None = None


class ItemPublished(Published):
    """An item (事项), or another version of it, holds from a day on."""

    item: Code
    name: Text
    unit: Code
    """Code of the unit in the register."""
    nature: Nature
    effective_from: date
    """First local day on which cases are accepted under it."""
    statutory_limit: Limit | None = None
    """法定时限"""
    statutory_clause: Text | None = None
    promised_limit: Limit | None = None
    """承诺时限"""
    promised_clause: Text | None = None
    steps: tuple[ItemStep, ...] = ()


class ItemWithdrawn(Published):
    """An item was taken out of the catalogue."""

    item: Code
    unit: Code
    """Code of the unit that had it last."""
    withdrawn_from: date
    """First local day without it."""
