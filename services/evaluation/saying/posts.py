"""What is said of a post and its holders."""

from typing import assert_never

from contracts import organisation as o
from services.evaluation.domain.post_acts import (
    Event,
    HolderAppointed,
    HolderRelieved,
    HolderReturned,
    HolderWentAway,
    PostAbolished,
    PostEstablished,
    PostRenamed,
)
from services.evaluation.saying.told import ToldOfPost


def said_of_post(event: Event) -> ToldOfPost:
    """Say in the published language what happened to a post."""
    post, unit = event.code, event.unit
    match event:
        case PostEstablished(name=name, section=section, effective_from=day):
            return o.PostEstablished(
                post=post, name=name, unit=unit, section=section, effective_from=day
            )
        case PostRenamed(name=name, effective_from=day):
            return o.PostRenamed(post=post, unit=unit, name=name, effective_from=day)
        case PostAbolished(effective_from=day):
            return o.PostAbolished(post=post, unit=unit, effective_from=day)
        case _:
            return _said_of_holder(event)


def _said_of_holder(
    event: HolderAppointed | HolderRelieved | HolderWentAway | HolderReturned,
) -> ToldOfPost:
    post, unit, person, place = event.code, event.unit, event.person, o.Place(event.place.value)
    match event:
        case HolderAppointed(effective_from=day):
            return o.HolderAppointed(
                post=post, unit=unit, place=place, person=person, effective_from=day
            )
        case HolderRelieved(effective_from=day):
            return o.HolderRelieved(
                post=post, unit=unit, place=place, person=person, effective_from=day
            )
        case HolderWentAway(first_day=first, last_day=last):
            return o.HolderWentAway(
                post=post, unit=unit, place=place, person=person, first_day=first, last_day=last
            )
        case HolderReturned(first_day=first, effective_from=day):
            return o.HolderReturned(
                post=post,
                unit=unit,
                place=place,
                person=person,
                first_day=first,
                effective_from=day,
            )
        case _:
            assert_never(event)
