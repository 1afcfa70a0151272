"""A parser of arguments that speaks Chinese, and refuses as all our commands do."""

import re
from argparse import ArgumentParser, HelpFormatter
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from deploy.refusal import RefusedError

# what argparse says, and what we say instead; the rest is shown as it is
WORDS: Sequence[tuple[str, str]] = (
    (r"the following arguments are required: (?P<what>.*)", "缺少参数 {what}。"),
    (r"unrecognized arguments: (?P<what>.*)", "不认识的参数 {what}。"),
    (
        r"argument (?P<name>.*?): invalid choice: (?P<what>.*) \(choose from (?P<known>.*)\)",
        "{name} 不能是 {what}，可以是 {known}。",
    ),
    (r"argument (?P<name>.*?): expected one argument", "{name} 后面要有一个值。"),
    (r"argument (?P<name>.*?): expected at least one argument", "{name} 后面至少要有一个值。"),
    (r"argument (?P<name>.*?): ignored explicit argument (?P<what>.*)", "{name} 后面不能有值。"),
    (
        r"argument (?P<name>.*?): not allowed with argument (?P<what>.*)",
        "{name} 不能与 {what} 同用。",
    ),
    (
        r"ambiguous option: (?P<name>.*?) could match (?P<known>.*)",
        "{name} 可能指 {known}，请写全。",
    ),
    (r"argument (?P<name>.*?): (?P<what>.*)", "{name} {what}。"),
)


class UsageError(RefusedError):
    """The arguments can't be used (`usage`); the details say how the command is."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__("usage", message, "")
        self.usage = usage

    def details(self) -> Sequence[str]:
        """Return the usage, line by line."""
        return self.usage.splitlines()


class Parser(ArgumentParser):
    """Raises UsageError for what it can't parse."""

    def __init__(self, prog: str | None = None, description: str | None = None) -> None:
        super().__init__(
            prog=prog,
            description=description,
            add_help=False,
            allow_abbrev=False,
            formatter_class=_Formatter,
        )
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这一说明")

    def error(self, message: str) -> NoReturn:
        """Refuse, and say how the command is used."""
        raise UsageError(in_chinese(message), self.format_usage())


class _Formatter(HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[Any],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


def in_chinese(message: str) -> str:
    """Say a refusal of argparse in Chinese, as far as it is known."""
    for pattern, words in WORDS:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            told = {name: _plain(text) for name, text in found.groupdict().items()}
            return words.format(**told)
    return message


def _plain(listed: str) -> str:
    return listed.replace("', '", "、").replace(", ", "、").strip("'")
