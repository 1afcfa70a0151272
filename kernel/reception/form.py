"""The fields of a form that a browser sent, and what is wrong with them in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.requests import Request

from kernel.web.problem import ProblemError

MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in; a field that is missing is empty."""

    fields: dict[str, list[str]]

    def one(self, name: str) -> str:
        """Return a field as it was typed."""
        return self.fields.get(name, [""])[0]

    def text(self, name: str) -> str:
        """Return a field without blanks at its ends."""
        return self.one(name).strip()

    def all(self, name: str) -> Sequence[str]:
        """Return the values that were chosen of a field."""
        return self.fields.get(name, [])


async def form_of(request: Request) -> Form:
    """Read a form. Raises 400 `malformed-form`."""
    try:
        text = (await request.body()).decode()
        return Form(parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise ProblemError(
            400,
            "malformed-form",
            title="表单不能读取",
            detail="表单的内容不是有效的编码，或者项目过多，未作处理。",
            fix="请刷新页面后重新填写。",
        ) from error
