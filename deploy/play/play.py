"""The way of a log to the bus: read, introduce who speaks, say."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from deploy.local.servers import NATS_URL, POSTGRES_URL
from deploy.local.stack import announced
from deploy.partner.record import introduce
from deploy.partner.usable import make_sure_of_usable
from deploy.play.read import fill, note, weeks_to
from deploy.play.score import Score
from deploy.play.speak import Voice, say
from deploy.play.speaker import name_for
from deploy.play.stand_in import let_in, make_sure_of_own_password
from deploy.play.told_before import refuse_told_otherwise
from deploy.provision.roles import url_for
from deploy.refusal import RefusedError
from deploy.site import Site, completed
from kernel.access.principal import by_hand
from services.electronic_supervision.audit.judge import Bench, limit_of
from services.electronic_supervision.audit.spool import Spool
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.connect.limit import stated
from services.electronic_supervision.connect.telling import Speaker
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.log.map import LogMap
from services.electronic_supervision.log.open import open_log

BY = by_hand("命令行")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be played: `speed` as for Voice, `name` of the system if it is asked for."""

    log: Path
    log_map: LogMap
    name: str | None
    speed: float | None
    to_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What was said, by whom; all times were moved by `shift`."""

    name: str
    is_new: bool
    cases: int
    events: int
    shift: timedelta


class Listener:
    """Hears how far the play is: bytes read, events to say, each event said."""

    def read(self, done: int) -> None:
        """Hear of bytes read."""

    def begin(self, events: int) -> None:
        """Hear how many events will be said."""

    def said(self) -> None:
        """Hear of one event said."""


def play(site: Site, wish: Wish, spool: Spool, now: datetime, listener: Listener) -> Played:
    """Play a log into a running stack; what was rejected is left in the spool.

    Raises RefusedError (`not-running`, `source-taken`, `source-fixed`, `told-otherwise`,
    `intake-behind`, …) and BadInputError (`limit-unplayable`, …).
    """
    _make_sure_it_runs(site)
    limit = stated(wish.log_map.case.limit)
    source = wish.log_map.source
    with site.postgres() as url, Score() as score:
        name = completed(name_for(url, source, wish.name))
        make_sure_of_usable(name, source)
        make_sure_of_own_password(site, announced(site.data), name, url)
        log = open_log(wish.log, wish.log_map, listener.read)
        last = fill(log.entries, wish.log_map, spool, now)
        shift = weeks_to(now, last) if wish.to_now else timedelta()
        zone = wish.log_map.timezone
        speaker = Speaker(name=name, source=source, zone=zone, limit=limit, shift=shift)
        number = note(
            *(spool, _bench(wish.log_map, last, now), speaker, score),
            stepwise=wish.log_map.event is not None,
        )
        completed(refuse_told_otherwise(url, source, score.cases()))
        is_new = completed(introduce(url, name, source, now=now, by=BY))
        voice = _voice(site, name, wish.speed)
        listener.begin(score.events)
        tellings = score.tellings(by_time=wish.speed is not None)
        completed(say(voice, tellings, listener.said))
        return Played(name=name, is_new=is_new, cases=number, events=score.events, shift=shift)


def _make_sure_it_runs(site: Site) -> None:
    given = site.environment.get(POSTGRES_URL) and site.environment.get(NATS_URL)
    if announced(site.data) is None and not given:
        raise RefusedError(
            "not-running",
            f"{site.data} 上没有在运行的平台。",
            "请先执行 xiaoneng up --background，或用 --data 指定数据目录。",
        )


def _bench(log_map: LogMap, last: datetime | None, now: datetime) -> Bench:
    return Bench(
        source=log_map.source,
        office=Office(calendar=published_calendar(), zone=log_map.timezone),
        limit=limit_of(log_map.case.limit),
        as_of=last or now,
        now=now,
    )


def _voice(site: Site, name: str, speed: float | None) -> Voice:
    stack = announced(site.data)
    user, password = let_in(site, stack, name)
    bus = site.environment.get(NATS_URL) or (stack.nats_url if stack else "")
    password = password or site.passwords_of([user])[user]
    return Voice(url=url_for(bus, user, password), user=user, speed=speed)
