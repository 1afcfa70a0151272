"""What a city system tells about inspections and penalties (行政检查, 行政处罚), case by case."""

from contracts.approvals import CaseFact
from contracts.vocabulary import Code, CreditCode, Fen, Text


class InspectionConducted(CaseFact):
    """The unit inspected an enterprise (检查); `case` is the number of the inspection."""

    enterprise: CreditCode
    purpose: Text
    approval: Code | None = None
    """Number of its approval (检查审批); none if nobody approved it."""
    holder: Code | None = None
    """Post (岗位) that conducted it; never a person's name."""


class PenaltyDecided(CaseFact):
    """The unit imposed a penalty (处罚决定); `case` is the number of the decision."""

    offence: Code
    """Code of the offence (案由) in the city's bands of discretion."""
    grade: Code | None = None
    """Code of the grade (裁量档次) that the unit took it for."""
    amount_fen: Fen
    """Fine in fen (分); 0 if there is none."""
    reasons: tuple[Text, ...]
    """Reasons for the amount; empty if none were given, for supervision to see."""
    clause: Text | None = None
    """Clause that allows the penalty."""
    enterprise: CreditCode | None = None
    """Whom it was imposed on, if it is an enterprise."""
