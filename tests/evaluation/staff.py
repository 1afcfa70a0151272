"""A section, two people and a post of the housing committee, to try the register with."""

from datetime import date

from services.evaluation.domain.person_acts import Duty, Position, TakeOn
from services.evaluation.domain.post_acts import AppointHolder, EstablishPost, NoteAbsence, Place
from services.evaluation.domain.section import OpenSection
from tests.evaluation.units import AUTUMN, HOUSING

APPROVAL_SECTION = OpenSection(
    code="WHZJW-SP", unit=HOUSING.code, name="行政审批科", effective_from=AUTUMN
)
AT_APPROVALS = Position(unit=HOUSING.code, section=APPROVAL_SECTION.code, duty=Duty.HANDLER)
ZHANG = TakeOn(code="R0001", name="张德胜", position=AT_APPROVALS, effective_from=AUTUMN)
LI = TakeOn(code="R0002", name="李文秀", position=AT_APPROVALS, effective_from=AUTUMN)
WANG = TakeOn(code="R0003", name="王建国", position=AT_APPROVALS, effective_from=AUTUMN)
COUNTER = EstablishPost(
    code="WHZJW-SP-01",
    name="施工许可受理岗",
    unit=HOUSING.code,
    section=APPROVAL_SECTION.code,
    effective_from=AUTUMN,
)
ZHANG_AS_A = AppointHolder(
    code=COUNTER.code, place=Place.A, person=ZHANG.code, effective_from=AUTUMN
)
LI_AS_B = AppointHolder(code=COUNTER.code, place=Place.B, person=LI.code, effective_from=AUTUMN)
MARCH, FIFTH_OF_MARCH = date(2012, 3, 1), date(2012, 3, 5)
ZHANG_AWAY = NoteAbsence(code=COUNTER.code, place=Place.A, first_day=MARCH, last_day=FIFTH_OF_MARCH)
EVERYBODY = (APPROVAL_SECTION, ZHANG, LI, WANG, COUNTER, ZHANG_AS_A, LI_AS_B)
"""After HOUSING, in this order."""

# the same wishes, as they come through the door
SECTION_FORM = {"unit": "WHZJW", "name": "行政审批科", "effective_from": "2011-09-20"}
ZHANG_FORM = {
    "name": "张德胜",
    "unit": "WHZJW",
    "section": "WHZJW-SP",
    "duty": "handler",
    "effective_from": "2011-09-20",
}
COUNTER_FORM = {
    "name": "施工许可受理岗",
    "unit": "WHZJW",
    "section": "WHZJW-SP",
    "effective_from": "2011-09-20",
}
