"""Names and sources under which a system could speak."""

from urllib.parse import unquote

from pydantic import TypeAdapter, ValidationError

from contracts.vocabulary import Code, UriReference
from deploy.partner.refusals import source_taken
from deploy.refusal import RefusedError
from deploy.tenancies import TENANCIES

NAME: TypeAdapter[str] = TypeAdapter(Code)
SOURCE: TypeAdapter[str] = TypeAdapter(UriReference)
LONGEST_TITLE = 40


def make_sure_of_usable(name: str, source: str) -> None:
    """Refuse what no event could carry, before a system is told that it may report.

    Raises RefusedError (`name-unusable`, `source-unusable`, `source-taken`).
    """
    try:
        NAME.validate_python(name)
    except ValidationError as error:
        fix = "系统名不能为空，不超过100个字符，首尾不能有空格，不能含控制字符。"
        raise RefusedError("name-unusable", "系统名不能使用。", fix) from error
    try:
        SOURCE.validate_python(source)
    except ValidationError as error:
        fix = "请用以 / 开头的路径或者完整的 URI，如 /wuhu/approvals；空格、汉字等须作百分号编码。"
        raise RefusedError("source-unusable", f"事件的 source 不能是 {source!r}。", fix) from error
    named = unquote(source).casefold()
    if any(named.startswith(tenancy.source.casefold()) for tenancy in TENANCIES):
        raise source_taken(source, "本平台自己的名义")


def usable_title(title: str) -> str:
    """Return what a page can show. Raises RefusedError (`title-unusable`)."""
    shown = title.strip()
    if not shown or len(shown) > LONGEST_TITLE or not shown.isprintable():
        fix = f"名称应为 1 至 {LONGEST_TITLE} 个字符，不含控制字符。"
        raise RefusedError("title-unusable", "名称不能使用。", fix)
    return shown
