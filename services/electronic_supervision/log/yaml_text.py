"""Read YAML with every value kept as the text its author wrote."""

from collections.abc import Mapping, Sequence

import yaml

from services.electronic_supervision.log.refusal import BadMapError

MAP = "映射文件"
_NEEDED = "source 和 case"

_HINT = (
    "请检查缩进（只能用空格）、冒号后的空格和成对的引号；以 % 开头的内容要加引号，"
    '例如 ["%Y/%m/%d"]。'
)

Plain = str | None | list["Plain"] | dict[str, "Plain"]


def read_mapping(text: str, name: str = MAP, needed: str = _NEEDED) -> Mapping[str, Plain]:
    """Return the document's mapping; scalars are text as written, or None for null.

    `name` is what a refusal calls the document, `needed` what has to be in it.

    Nothing is converted, so that 007, 12:30 and 2019-04-25 mean the same with and without quotes.
    Raises BadMapError `map-not-yaml` for broken YAML, and `map-invalid` for an empty document,
    another shape, a key given twice or an alias.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        line = _line_of(error)
        where = f"第 {line} 行附近" if line else "其中"
        message = f"{name}不是有效的 YAML，问题在{where}。{_HINT}"
        raise BadMapError("map-not-yaml", message, line=line) from error
    except RecursionError as error:
        raise BadMapError("map-not-yaml", f"{name}嵌套得太深。{_HINT}") from error
    if root is None:
        raise BadMapError("map-invalid", f"{name}是空的，请至少写明 {needed}。")
    plain = _plain(root, "", set())
    if not isinstance(plain, dict):
        message = f"{name}的最外层应当是“键: 值”的形式，请至少写明 {needed}。"
        raise BadMapError("map-invalid", message)
    return plain


def line_at(text: str, path: Sequence[int | str]) -> int | None:
    """Return the line of what stands at a path, or of the deepest part of it that is there."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    line = None
    for step in path:
        place = _step(node, step)
        if place is None:
            break
        line, node = place
    return line


def _step(node: yaml.Node | None, step: int | str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line + 1, value
    return None


def _line_of(error: yaml.YAMLError) -> int | None:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    return mark.line + 1 if mark else None


def _plain(node: yaml.Node, path: str, met: set[int]) -> Plain:
    # an alias brings the same node again: following it could never end, or double at every level
    if id(node) in met:
        raise _invalid("文件里不能用锚点和引用（& 和 *），请把内容写出来。", path, node)
    met.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, met)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, f"{path}.{at}", met) for at, item in enumerate(node.value)]
    return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)


def _mapping(node: yaml.MappingNode, path: str, met: set[int]) -> dict[str, Plain]:
    result: dict[str, Plain] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise _invalid("键应当是一个词，例如 case。", path, key_node)
        key = str(key_node.value)
        inner = f"{path}.{key}" if path else key
        if key in result:
            raise _invalid(f"{inner} 写了两次，请只留一个。", inner, key_node)
        result[key] = _plain(value_node, inner, met)
    return result


def _invalid(message: str, path: str, node: yaml.Node) -> BadMapError:
    line = node.start_mark.line + 1
    return BadMapError("map-invalid", f"第 {line} 行：{message}", field=path or None, line=line)
