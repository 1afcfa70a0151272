"""What a line about a post asks for: its name, its end, and who is its A and B from when on."""

from datetime import date

from services.evaluation.document.lines import PostLine
from services.evaluation.document.wish import (
    Steps,
    Turn,
    begin,
    changes,
    make_sure,
    make_sure_of_day,
)
from services.evaluation.domain.post_acts import (
    AbolishPost,
    AppointHolder,
    EstablishPost,
    Place,
    RelieveHolder,
    RenamePost,
)
from services.evaluation.domain.refused import Refused

Held = tuple[str | None, date | None]
"""A person's code, if there is one, and the day from which that is so."""

FIXED = ("unit", "section")
HOLDING = frozenset({"a", "a_from", "b", "b_from"})
NOBODY: Held = (None, None)


def post_steps(line: PostLine, known: PostLine | None) -> Steps:
    """Return the commands. Raises Refused."""
    told: Steps = []
    if known is None:
        first = EstablishPost(
            code=line.code,
            name=line.name,
            unit=line.unit,
            section=line.section,
            effective_from=begin(line),
        )
        told.append((Turn.POSTS, first))
    else:
        make_sure((known, _besides(line, known)), *FIXED, closed="post-abolished")
        if line.name != known.name:
            day = line.effective_from
            told.append(
                (Turn.POSTS, RenamePost(code=line.code, name=line.name, effective_from=day))
            )
    told += _holders(line, known)
    if line.closed_from is not None:
        end = AbolishPost(code=line.code, effective_from=line.closed_from)
        told.append((Turn.POST_ENDS, end))
    return told


def _besides(line: PostLine, known: PostLine) -> PostLine:
    """Return what a line says besides who is A and B, which has days of its own."""
    return line.model_copy(update={each: getattr(known, each) for each in HOLDING})


def _holders(line: PostLine, known: PostLine | None) -> Steps:
    wanted = {Place.A: (line.a, line.a_from), Place.B: (line.b, line.b_from)}
    held: dict[Place, Held] = {Place.A: NOBODY, Place.B: NOBODY}
    if known is not None:
        held = {Place.A: (known.a, known.a_from), Place.B: (known.b, known.b_from)}
    differing = {each.field for each in changes(known, line)}
    leaving: Steps = []
    coming: Steps = []
    for place in Place:
        if not differing & {place.value.lower(), f"{place.value.lower()}_from"}:
            continue
        day = _day(place, wanted[place], held[place])
        person, before = wanted[place][0], held[place][0]
        # who changes places has to leave the one before he can have the other
        if before is not None and (person is None or before == wanted[place.other][0]):
            relieving = RelieveHolder(code=line.code, place=place, effective_from=day)
            leaving.append((Turn.POSTS, relieving))
        if person is not None:
            appointing = AppointHolder(
                code=line.code, place=place, person=person, effective_from=day
            )
            coming.append((Turn.POSTS, appointing))
    return [*leaving, *coming]


def _day(place: Place, wanted: Held, held: Held) -> date:
    field = f"{place.value.lower()}_from"
    if wanted[0] == held[0]:
        raise Refused("date-alone", field=field)
    return make_sure_of_day(wanted[1], field)
