"""Everything that is said of the register; each names the unit that it is about."""

from typing import TypeAlias

from contracts import organisation as o

ToldOfUnit: TypeAlias = (
    o.UnitRegistered
    | o.UnitRenamed
    | o.UnitRegrouped
    | o.AliasAdded
    | o.AliasRemoved
    | o.UnitClosed
)
ToldOfSection: TypeAlias = o.SectionOpened | o.SectionRenamed | o.SectionClosed
ToldOfPost: TypeAlias = (
    o.PostEstablished
    | o.PostRenamed
    | o.HolderAppointed
    | o.HolderRelieved
    | o.HolderWentAway
    | o.HolderReturned
    | o.PostAbolished
)
ToldOfPerson: TypeAlias = o.PersonJoined | o.PersonRenamed | o.PersonMoved | o.PersonLeft
Told: TypeAlias = ToldOfUnit | ToldOfSection | ToldOfPost | ToldOfPerson
