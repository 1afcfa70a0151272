"""What a document says is what was written, whichever way it was written."""

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, StringConstraints

from kernel.document.layout import Layout, Sheet
from kernel.document.raw import BadDocumentError
from kernel.document.read import read
from kernel.document.write import write_workbook, write_yaml


class Tree(BaseModel):
    """A tree of a park."""

    park: Annotated[str, StringConstraints(min_length=1)]
    number: str
    kind: str | None = None


TREES = Sheet(
    name="trees",
    title="树木",
    line=Tree,
    columns={"park": "公园", "number": "编号", "kind": "种类"},
    words={"kind": {"elm": "榆树"}},
    key=("park", "number"),
)
PARKS: Layout[Tree] = Layout(sheets=(TREES,), most_rows=3)
# what a sheet of a workbook can hold, without blanks at its ends
WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=20
).filter(lambda text: text not in {"~", "null"})


@given(WORDS, WORDS, st.none() | st.just("elm"))
def test_what_is_written_is_read_again(park: str, number: str, kind: str | None) -> None:
    tree = Tree(park=park, number=number, kind=kind)
    for write in (write_yaml, write_workbook):
        (line,) = read(write(PARKS, {"trees": [tree]}), PARKS).lines
        assert (line.fault, line.line) == (None, tree)


def test_two_lines_are_about_the_same_thing_if_all_of_their_key_is_the_same() -> None:
    told = b"trees:\n- {park: a, number: 1}\n- {park: b, number: 1}\n- {park: a, number: 1}\n"
    first, second, third = read(told, PARKS).lines
    assert (first.fault, second.fault) == (None, None)
    assert (third.fault, third.code) == (("row-twice", "number"), "1")


def test_a_layout_says_how_many_rows_there_may_be() -> None:
    rows = b"".join(b"- {park: a, number: %d}\n" % number for number in range(4))
    with pytest.raises(BadDocumentError, match="too-many-rows"):
        read(b"trees:\n" + rows, PARKS)
