"""What an event says to others, decided when it is recorded and never again."""

from contracts.envelope import Event
from contracts.vocabulary import Published
from contracts.wire import write
from kernel.store.events import NewPublication

UNNUMBERED = 0
"""The sequence to compose an event with before append() gives it its number."""

_MARK = '"sequence":"'
_PLACE = f'{_MARK}{UNNUMBERED:020d}"'


def publication(event: Event[Published], subject: str, *, of_event: int) -> NewPublication:
    """Prepare an event composed with UNNUMBERED to be sent on a subject.

    `of_event` is the index (from 0) of the recorded event that it tells of.
    """
    body = write(event).decode()
    # inside a JSON string every quote is escaped: only the attribute itself can match
    number_at = body.index(_PLACE) + len(_MARK)
    return NewPublication(of_event=of_event, subject=subject, body=body, number_at=number_at)
