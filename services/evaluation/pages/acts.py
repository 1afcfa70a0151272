"""The forms by which the register is kept: what each asks for, and what it wishes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from services.evaluation.document.headings import DUTY_WORDS, GROUP_WORDS
from services.evaluation.forms import people, posts, sections, units

Kind: TypeAlias = Literal["unit", "section", "post", "person"]
Input: TypeAlias = Literal["text", "date", "select", "unit", "section", "person"]
Model: TypeAlias = (
    type[units.Registration]
    | type[units.Renaming]
    | type[units.Regrouping]
    | type[units.AddingAlias]
    | type[units.RemovingAlias]
    | type[units.Closing]
    | type[sections.SectionOpening]
    | type[sections.SectionRenaming]
    | type[sections.SectionClosing]
    | type[posts.PostEstablishing]
    | type[posts.PostRenaming]
    | type[posts.Appointing]
    | type[posts.Relieving]
    | type[posts.GoingAway]
    | type[posts.ComingBack]
    | type[posts.PostAbolishing]
    | type[people.Joining]
    | type[people.PersonRenaming]
    | type[people.Moving]
    | type[people.Leaving]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a form; `choices` are values and the words for them."""

    name: str
    label: str
    input: Input = "text"
    is_needed: bool = True
    note: str = ""
    choices: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A form; `is_new` asks for the code of a new entry, else the entry is there already."""

    title: str
    kind: Kind
    model: Model
    fields: tuple[Field, ...]
    is_new: bool = False
    is_end: bool = False


NAME, NEW_NAME = Field(name="name", label="名称"), Field(name="name", label="新名称")
PERSON_NAME = Field(name="name", label="姓名")
UNIT = Field(name="unit", label="所在单位代码", input="unit")
SECTION = Field(name="section", label="所在科室代码", input="section", is_needed=False)
FROM = Field(name="effective_from", label="生效日期", input="date", note="自这一天起。")
LAST = Field(
    name="effective_from", label="生效日期", input="date", note="自这一天起不再存在，当天不算在内。"
)
PLACE = Field(
    name="place",
    label="岗别",
    input="select",
    choices={"A": "A 岗（主办）", "B": "B 岗（备岗）"},
)
GROUP = Field(
    name="group",
    label="组别",
    input="select",
    choices={group.value: words for group, words in GROUP_WORDS.items()},
)
DUTY = Field(
    name="duty",
    label="职责",
    input="select",
    choices={duty.value: words for duty, words in DUTY_WORDS.items()},
)
SOURCE = Field(
    name="source",
    label="来源系统",
    note="报送来源的名称，例如 /wuhu/12345。",
)
ALIAS = Field(name="code", label="系统中的代码", note="该系统对这个单位的写法。")

ACTS: Mapping[str, Act] = {
    "register-unit": Act(
        title="登记单位",
        kind="unit",
        model=units.Registration,
        fields=(NAME, GROUP, FROM),
        is_new=True,
    ),
    "rename-unit": Act(
        title="单位更名", kind="unit", model=units.Renaming, fields=(NEW_NAME, FROM)
    ),
    "regroup-unit": Act(
        title="调整组别", kind="unit", model=units.Regrouping, fields=(GROUP, FROM)
    ),
    "add-alias": Act(
        title="增加对应代码", kind="unit", model=units.AddingAlias, fields=(SOURCE, ALIAS)
    ),
    "remove-alias": Act(
        title="取消对应代码", kind="unit", model=units.RemovingAlias, fields=(SOURCE, ALIAS)
    ),
    "close-unit": Act(
        title="撤销单位",
        kind="unit",
        model=units.Closing,
        fields=(
            LAST,
            Field(name="successor", label="承接单位代码", input="unit", is_needed=False),
        ),
        is_end=True,
    ),
    "open-section": Act(
        title="设立科室",
        kind="section",
        model=sections.SectionOpening,
        fields=(UNIT, NAME, FROM),
        is_new=True,
    ),
    "rename-section": Act(
        title="科室更名", kind="section", model=sections.SectionRenaming, fields=(NEW_NAME, FROM)
    ),
    "close-section": Act(
        title="撤销科室",
        kind="section",
        model=sections.SectionClosing,
        fields=(LAST,),
        is_end=True,
    ),
    "establish-post": Act(
        title="设立岗位",
        kind="post",
        model=posts.PostEstablishing,
        fields=(UNIT, SECTION, NAME, FROM),
        is_new=True,
    ),
    "appoint": Act(
        title="任用人员",
        kind="post",
        model=posts.Appointing,
        fields=(PLACE, Field(name="person", label="人员代码", input="person"), FROM),
    ),
    "away": Act(
        title="登记离岗",
        kind="post",
        model=posts.GoingAway,
        fields=(
            PLACE,
            Field(name="first_day", label="离岗第一天", input="date"),
            Field(
                name="last_day",
                label="离岗最后一天",
                input="date",
                is_needed=False,
                note="不填则到登记返岗为止。",
            ),
        ),
    ),
    "back": Act(
        title="登记返岗",
        kind="post",
        model=posts.ComingBack,
        fields=(PLACE, Field(name="effective_from", label="返岗第一天", input="date")),
    ),
    "relieve": Act(title="免去人员", kind="post", model=posts.Relieving, fields=(PLACE, LAST)),
    "rename-post": Act(
        title="岗位更名", kind="post", model=posts.PostRenaming, fields=(NEW_NAME, FROM)
    ),
    "abolish-post": Act(
        title="撤销岗位", kind="post", model=posts.PostAbolishing, fields=(LAST,), is_end=True
    ),
    "take-on": Act(
        title="登记人员",
        kind="person",
        model=people.Joining,
        fields=(PERSON_NAME, UNIT, SECTION, DUTY, FROM),
        is_new=True,
    ),
    "move": Act(
        title="人员调动", kind="person", model=people.Moving, fields=(UNIT, SECTION, DUTY, FROM)
    ),
    "rename-person": Act(
        title="人员更名", kind="person", model=people.PersonRenaming, fields=(NEW_NAME, FROM)
    ),
    "leave": Act(
        title="人员离任", kind="person", model=people.Leaving, fields=(LAST,), is_end=True
    ),
}
KIND_WORDS: Mapping[Kind, str] = {
    "unit": "单位",
    "section": "科室",
    "post": "岗位",
    "person": "人员",
}
