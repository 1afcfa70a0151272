"""What is rehearsed, as it was written, and the two laws that it has to be held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, assert_never

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.vocabulary import Code
from services.electronic_supervision.catalogue.forms import ContentForm, Form
from services.electronic_supervision.domain.catalogue.catalogue import Catalogue
from services.electronic_supervision.domain.catalogue.item_acts import ItemRevised
from services.electronic_supervision.domain.catalogue.item_content import ItemContent
from services.electronic_supervision.domain.law import Law
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.rules.book import Entry, Mode, RuleBook, book
from services.electronic_supervision.domain.rules.demands import Absence
from services.electronic_supervision.domain.rules.rule import Rule
from services.electronic_supervision.domain.time.calendar import WorkingCalendar
from services.electronic_supervision.log.refusal import BadInputError
from services.electronic_supervision.log.yaml_text import line_at, read_mapping
from services.electronic_supervision.rules.read import read_rule

Name = Annotated[str, Field(min_length=1, max_length=100)]


class Kind(StrEnum):
    """What of the law would be another."""

    RULE = "rule"
    CALENDAR = "calendar"
    CATALOGUE = "catalogue"
    TRIAL = "trial"
    """All rules on trial, as if each had judged in earnest since its trial began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The document of a rule, of days that a calendar changes, or of one item; of a trial none.

    `version` is that of the rule, 0 for a text that nobody drafted.
    """

    kind: Kind
    document: str
    version: int = 0


class CalendarForm(BaseModel):
    """Days that are off or worked otherwise than known, and until when days are settled."""

    model_config = ConfigDict(extra="forbid")

    version: Name
    confirmed_through: date | None = None
    rest: Mapping[date, Name] = Field(default_factory=dict)
    work: Mapping[date, Name] = Field(default_factory=dict)


class ItemForm(Form):
    """What an item would be; day and reason of a revision may stand beside it."""

    code: Code
    content: ContentForm
    effective_from: date | None = None
    reason: str | None = None


def subject_of(proposal: Proposal) -> str:
    """Name the rule, the calendar or the item, "" for a trial. Raises as `laws_of`."""
    match proposal.kind:
        case Kind.RULE:
            return read_rule(proposal.document).rule.id
        case Kind.CALENDAR:
            return _calendar(proposal.document).version
        case Kind.CATALOGUE:
            return _item(proposal.document).code
        case Kind.TRIAL:
            return ""
        case _:
            assert_never(proposal.kind)


def laws_of(law: Law, proposal: Proposal, day: date) -> tuple[Law, Law]:
    """Return the law as it is on a local day, and as it would be.

    The rule or item in question holds in both as if it had ever been so: what is new began today
    or begins tomorrow, and history would have nothing to say of it. Raises BadRuleError,
    BadInputError (`rehearsal-invalid`), BadMapError and Refused.
    """
    match proposal.kind:
        case Kind.RULE:
            rule = read_rule(proposal.document).rule
            rule = replace(rule, version=proposal.version or rule.version)
            before = _always(law.book, rule.id, law.book.rule(rule.id, day))
            return replace(law, book=before), replace(law, book=_always(law.book, rule.id, rule))
        case Kind.CALENDAR:
            calendar = _other(law.office.calendar, _calendar(proposal.document))
            return law, replace(law, office=replace(law.office, calendar=calendar))
        case Kind.CATALOGUE:
            form = _item(proposal.document)
            known, wanted = law.catalogue.item(form.code, day), form.content.content()
            before_it = law.catalogue if known is None else _with(law, form.code, known.content)
            after_it = _with(law, form.code, wanted)
            return replace(law, catalogue=before_it), replace(law, catalogue=after_it)
        case Kind.TRIAL:
            return law, replace(law, book=_tried(law.book))
        case _:
            assert_never(proposal.kind)


def _always(all_: RuleBook, id_: str, rule: Rule | None) -> RuleBook:
    others = [each for each in all_.entries if each.rule.id != id_ or each.mode is Mode.SHADOW]
    if rule is None:
        return book(others)
    return book([*others, Entry(replace(rule, effective_from=date.min, effective_until=None))])


def on_trial(all_: RuleBook) -> Sequence[Rule]:
    """Return the rules whose trial has not ended, but for what can't be replayed."""
    return [
        each.rule
        for each in all_.entries
        if each.mode is Mode.SHADOW
        and each.rule.effective_until is None
        and not isinstance(each.rule.demand, Absence)
    ]


def _tried(all_: RuleBook) -> RuleBook:
    """Let what is on trial judge from the day of its trial, in the place of what judges then."""
    tried = {rule.id: rule for rule in on_trial(all_)}
    kept = []
    for each in all_.entries:
        if each.mode is Mode.ACTIVE:
            begin = tried[each.rule.id].effective_from if each.rule.id in tried else date.max
            until = min(each.rule.effective_until or date.max, begin)
            if until is not date.max and until != each.rule.effective_until:
                kept.append(replace(each, rule=replace(each.rule, effective_until=until)))
            else:
                kept.append(each)
    return book([*kept, *map(Entry, tried.values())])


def _with(law: Law, code: str, content: ItemContent) -> Catalogue:
    always = ItemRevised(
        code=code, content=content, effective_from=date.min, is_backdated=True, reason=""
    )
    return law.catalogue.after([always])


def _other(calendar: WorkingCalendar, form: CalendarForm) -> WorkingCalendar:
    """Lay days over a calendar; a day told of is no longer what it was."""
    told = {*form.rest, *form.work}
    return replace(
        calendar,
        version=form.version,
        confirmed_through=form.confirmed_through or calendar.confirmed_through,
        rest={d: why for d, why in calendar.rest.items() if d not in told} | dict(form.rest),
        work={d: why for d, why in calendar.work.items() if d not in told} | dict(form.work),
    )


def _calendar(text: str) -> CalendarForm:
    try:
        form = CalendarForm.model_validate(read_mapping(text, "日历文件", "version"))
    except ValidationError as error:
        raise _invalid("日历文件", text, error) from error
    if form.rest.keys() & form.work.keys():
        raise Refused("day-both-off-and-worked", field="rest")
    return form


def _item(text: str) -> ItemForm:
    try:
        return ItemForm.model_validate(read_mapping(text, "事项文件", "code 和 content"))
    except ValidationError as error:
        raise _invalid("事项文件", text, error) from error


def _invalid(name: str, text: str, error: ValidationError) -> BadInputError:
    first = error.errors(include_url=False)[0]
    path = first["loc"]
    field = ".".join(str(each) for each in path)
    message = f"{name}的 {field or '内容'} 缺失、写错或者不认识，请对照文档修改。"
    return BadInputError("rehearsal-invalid", message, field=field, line=line_at(text, path))
