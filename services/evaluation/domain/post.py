"""A post of a unit with its A and B: established once, held by one and covered by another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import assert_never

from kernel.decider import Decider
from services.evaluation.domain.post_acts import (
    AbolishPost,
    AppointHolder,
    Command,
    EstablishPost,
    Event,
    HolderAppointed,
    HolderRelieved,
    HolderReturned,
    HolderWentAway,
    NoteAbsence,
    NoteReturn,
    Place,
    PostAbolished,
    PostEstablished,
    PostRenamed,
    RelieveHolder,
    RenamePost,
)
from services.evaluation.domain.presence import Tenure, came_back, come_back, go_away, went_away
from services.evaluation.domain.refused import Refused

NOBODY: Mapping[Place, Tenure] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nobody ever established it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """It is there, with the name it got last; `holders` are the last ones of A and B.

    `former` are those before them, each until the next one came or he was relieved.
    """

    established: PostEstablished
    name: str
    name_from: date
    holders: Mapping[Place, Tenure]
    former: tuple[tuple[Place, Tenure], ...] = ()

    @property
    def last_change(self) -> date:
        """Return the day before which it can not have ended."""
        return max([self.name_from, *(each.last_change for each in self.holders.values())])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """It is no more, or will be no more soon."""

    abolished: PostAbolished


State = Unknown | Open | Ended


def decide(command: Command, state: State) -> Sequence[Event]:
    """Say what happens; nothing if it is so already. Raises Refused.

    Codes: `post-unknown`, `post-exists` (with other content), `post-abolished`, `place-vacant`,
    `person-in-other-place`, `effective-date-too-early`, and those of absences.
    """
    match command:
        case EstablishPost():
            return _establish(command, state)
        case RenamePost():
            return _rename(command, _standing(state))
        case AppointHolder():
            return _appoint(command, _standing(state))
        case RelieveHolder():
            return _relieve(command, _standing(state))
        case NoteAbsence():
            post = _standing(state)
            return go_away(command, post.established.unit, _tenure(post, command.place))
        case NoteReturn():
            post = _standing(state)
            return come_back(command, post.established.unit, _tenure(post, command.place))
        case AbolishPost():
            return _abolish(command, state)
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """Return what a post is after an event."""
    match event:
        case PostEstablished(name=name, effective_from=day):
            return Open(established=event, name=name, name_from=day, holders=NOBODY)
        case PostAbolished():
            return Ended(abolished=event)
        case _ if not isinstance(state, Open):
            return state
        case PostRenamed(name=name, effective_from=day):
            return replace(state, name=name, name_from=day)
        case HolderAppointed(place=place, person=person, effective_from=day):
            return _succeeded(state, place, Tenure(person=person, since=day))
        case HolderRelieved(place=place, effective_from=day):
            return _held(state, place, replace(state.holders[place], until=day))
        case HolderWentAway(place=place):
            return _held(state, place, went_away(state.holders[place], event))
        case HolderReturned(place=place):
            return _held(state, place, came_back(state.holders[place], event))
        case _:
            assert_never(event)


POST: Decider[Command, Event, State] = Decider(initial=Unknown(), decide=decide, evolve=evolve)


def _held(post: Open, place: Place, tenure: Tenure) -> Open:
    return replace(post, holders=MappingProxyType({**post.holders, place: tenure}))


def _succeeded(post: Open, place: Place, tenure: Tenure) -> Open:
    """Have somebody in a place from a day on; whoever was there before was it until then."""
    if (before := post.holders.get(place)) is not None:
        until = tenure.since if before.until is None else before.until
        post = replace(post, former=(*post.former, (place, replace(before, until=until))))
    return _held(post, place, tenure)


def _holds_from(post: Open, place: Place, person: str, day: date) -> bool:
    """Tell whether somebody is in a place on a day, or later."""
    spans = [(place, post.holders[place])] if place in post.holders else []
    return any(
        where is place and tenure.person == person and tenure.holds_from(day)
        for where, tenure in (*post.former, *spans)
    )


def _establish(command: EstablishPost, state: State) -> Sequence[Event]:
    wish = PostEstablished(
        code=command.code,
        name=command.name,
        unit=command.unit,
        section=command.section,
        effective_from=command.effective_from,
    )
    match state:
        case Unknown():
            return [wish]
        case Open(established=established) if established == wish:
            return []
        case Open():
            raise Refused("post-exists", field="code")
        case Ended():
            raise Refused("post-abolished", field="code")
        case _:
            assert_never(state)


def _rename(command: RenamePost, post: Open) -> Sequence[Event]:
    day = command.effective_from
    _not_before(post.name_from, day)
    if command.name == post.name:
        return []
    unit = post.established.unit
    return [PostRenamed(code=command.code, unit=unit, name=command.name, effective_from=day)]


def _appoint(command: AppointHolder, post: Open) -> Sequence[Event]:
    day, person = command.effective_from, command.person
    _not_before(post.established.effective_from, day)
    if (tenure := post.holders.get(command.place)) is not None:
        _not_before(tenure.last_change, day)
        if tenure.person == person and tenure.until is None:
            return []
    if _holds_from(post, command.place.other, person, day):
        raise Refused("person-in-other-place", field="person")
    return [
        HolderAppointed(
            code=command.code,
            unit=post.established.unit,
            place=command.place,
            person=person,
            effective_from=day,
        )
    ]


def _relieve(command: RelieveHolder, post: Open) -> Sequence[Event]:
    day, tenure = command.effective_from, _tenure(post, command.place)
    if tenure.until == day:
        return []
    if tenure.until is not None:
        raise Refused("place-vacant", field="place")
    _not_before(tenure.since, day)
    return [
        HolderRelieved(
            code=command.code,
            unit=post.established.unit,
            place=command.place,
            person=tenure.person,
            effective_from=day,
        )
    ]


def _abolish(command: AbolishPost, state: State) -> Sequence[Event]:
    day = command.effective_from
    if isinstance(state, Ended) and state.abolished.effective_from == day:
        return []
    post = _standing(state)
    _not_before(post.last_change, day)
    return [PostAbolished(code=command.code, unit=post.established.unit, effective_from=day)]


def _not_before(earliest: date, day: date) -> None:
    if day < earliest:
        raise Refused("effective-date-too-early", field="effective_from")


def _tenure(post: Open, place: Place) -> Tenure:
    if (tenure := post.holders.get(place)) is None:
        raise Refused("place-vacant", field="place")
    return tenure


def _standing(state: State) -> Open:
    match state:
        case Open():
            return state
        case Unknown():
            raise Refused("post-unknown", field="code")
        case Ended():
            raise Refused("post-abolished", field="code")
        case _:
            assert_never(state)
