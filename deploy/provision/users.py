"""The users of the bus: each may say what is its own, and hear what it is meant to hear."""

from collections.abc import Mapping, Sequence

from contracts.streams import stream_of
from contracts.subjects import city_all, ours_all, token
from deploy.local.accounts import TO_PULL, User
from kernel.bus import inbox
from kernel.tenancy import Tenancy

ADMINISTRATOR = "provisioner"


def user_of_system(system: str) -> str:
    """Name the NATS user of a city system."""
    return f"city-{token(system)}"


def names(tenancies: Sequence[Tenancy], systems: Sequence[str] = ()) -> list[str]:
    """Name all who need a password."""
    return [
        ADMINISTRATOR,
        *(each.name for each in tenancies),
        *(user_of_system(each) for each in systems),
    ]


def users(
    tenancies: Sequence[Tenancy], systems: Sequence[str], passwords: Mapping[str, str]
) -> list[User]:
    """Return all users; `passwords` are by the names that `names` gives."""
    return [
        User(
            name=ADMINISTRATOR,
            password=passwords[ADMINISTRATOR],
            publish=["$JS.API.>"],
            subscribe=[f"{inbox(ADMINISTRATOR)}.>"],
        ),
        *(service(each, passwords[each.name]) for each in tenancies if each.is_on_bus),
        *(system(each, passwords[user_of_system(each)]) for each in systems),
    ]


def service(tenancy: Tenancy, password: str) -> User:
    """Return the user of a service: it speaks in its own context, and hears whole streams."""
    own = stream_of(tenancy.context)
    return User(
        name=tenancy.name,
        password=password,
        publish=[
            ours_all(tenancy.context),
            f"$JS.API.STREAM.INFO.{own}",
            f"$JS.API.STREAM.MSG.GET.{own}",
            *(f"$JS.API.STREAM.INFO.{heard}" for heard in tenancy.hears),
            *(
                subject.format(f"{heard}.{tenancy.name}")
                for heard in tenancy.hears
                for subject in ("$JS.API.CONSUMER.INFO.{}", *TO_PULL)
            ),
        ],
        subscribe=[f"{inbox(tenancy.name)}.>"],
    )


def system(speaker: str, password: str) -> User:
    """Return the user of a city system: it speaks under its own name, and hears nobody."""
    name = user_of_system(speaker)
    return User(
        name=name,
        password=password,
        publish=[city_all(speaker)],
        subscribe=[f"{inbox(name)}.>"],
        account=name,
    )
