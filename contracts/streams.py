"""The streams of the bus: one for each context of ours, one for all city systems."""

from contracts.subjects import city_all, ours_all

CITY = "CITY"
"""What city systems say: many publishers, each on the subjects of its own system."""

LARGEST_MESSAGE = 1 << 20
"""Bytes of one event; the HTTP doors take no more either."""


def stream_of(context: str) -> str:
    """Name the stream of one of our contexts; its service alone publishes there."""
    return context.upper()


def subjects_of(stream: str) -> str:
    """Give the filter for all that a stream takes."""
    return city_all() if stream == CITY else ours_all(stream.lower())
