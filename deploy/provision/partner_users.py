"""What a partner may do on the bus: say what is its own, hear what it was granted, nothing else."""

from contracts.grants import filters_of, streams_of
from contracts.subjects import city_all, token
from deploy.local.accounts import TO_PULL, User
from kernel.access.partner import Terms
from kernel.bus import inbox


def inbox_of(name: str) -> str:
    """Give the prefix of the subjects on which a partner gets its answers."""
    return inbox(token(name))


def durable_of(name: str) -> str:
    """Name the consumers of a partner, one on each stream that it hears."""
    return token(name)


def account_of(name: str) -> str:
    """Name the account of a partner, which is in it alone."""
    return f"partner-{token(name)}"


def user_of(name: str, terms: Terms, nkey: str) -> User:
    """Return the user of a partner that holds the seed of `nkey`."""
    pulls = [
        subject.format(f"{stream}.{durable_of(name)}")
        for stream in (streams_of(terms.subscribes) if terms.durable else ())
        for subject in TO_PULL
    ]
    return User(
        name=name,
        nkey=nkey,
        publish=[*([city_all(name)] if terms.source is not None else []), *pulls],
        subscribe=[f"{inbox_of(name)}.>", *filters_of(terms.subscribes, terms.units)],
        account=account_of(name),
    )
