"""What an operator is shown of partners."""

from collections.abc import Collection, Mapping, Sequence

from contracts.grants import filters_of, streams_of
from contracts.subjects import city_all
from deploy.block import aligned
from deploy.provision.partner_users import durable_of, inbox_of
from kernel.access.partners import PartnerRow
from kernel.reception.doubts import doubt_of_units


def told(row: PartnerRow, unknown: Collection[str]) -> str:
    """Tell all of a partner but its keys, in two columns; nobody registered the `unknown` units."""
    terms = row.terms
    rows = [("系统名", row.name), ("名称", terms.title or "—")]
    if terms.source is not None:
        settle = f"{terms.settle}" if terms.settle else "即时"
        rows += [
            ("报送", f"{city_all(row.name)}，source {terms.source}"),
            ("最迟上传", settle),
            ("限额", limits_words(row)),
        ]
    filters = filters_of(terms.subscribes, terms.units)
    rows += [("订阅" if place == 0 else "", each) for place, each in enumerate(filters)]
    if terms.subscribes:
        rows.append(("单位", "、".join(terms.units) or "全市"))
    if doubt := doubt_of_units(_unknown_to(row, unknown)):
        rows.append(("", doubt))
    if terms.durable:
        places = [f"{stream}/{durable_of(row.name)}" for stream in streams_of(terms.subscribes)]
        rows.append(("持久消费者", "、".join(places)))
    rows.append(("收件箱前缀", inbox_of(row.name)))
    rows.append(("总线公钥", row.nkey or "没有"))
    rows.append(("状态", "已停用" if row.revoked_at else "在用"))
    return aligned(rows)


def limits_words(row: PartnerRow) -> str:
    """Name the limits of a partner."""
    rate, largest = row.terms.rate, row.terms.largest
    parts = [
        "速率不限" if rate is None else f"每分钟 {rate} 个事件",
        "" if largest is None else f"单个事件 {largest} 字节",
    ]
    return "，".join(part for part in parts if part)


def table(known: Sequence[PartnerRow], unknown: Collection[str]) -> str:
    """Tell a line of each partner."""
    return aligned([(each.name, _line(each, unknown)) for each in known])


def as_json(row: PartnerRow, unknown: Collection[str]) -> Mapping[str, object]:
    """Tell a partner to programs."""
    terms = row.terms
    return {
        "name": row.name,
        "title": terms.title,
        "source": terms.source,
        "settle_seconds": int(terms.settle.total_seconds()),
        "subscribes": list(terms.subscribes),
        "units": list(terms.units),
        "unregistered_units": _unknown_to(row, unknown),
        "durable": terms.durable,
        "rate_per_minute": terms.rate,
        "largest_bytes": terms.largest,
        "nkey": row.nkey,
        "added_at": row.added_at.isoformat(),
        "revoked_at": None if row.revoked_at is None else row.revoked_at.isoformat(),
    }


def _line(row: PartnerRow, unknown: Collection[str]) -> str:
    terms, missing = row.terms, _unknown_to(row, unknown)
    parts = [
        terms.title,
        f"报送 {terms.source}" if terms.source is not None else "",
        f"订阅 {'、'.join(terms.subscribes)}" if terms.subscribes else "",
        f"限 {'、'.join(terms.units)}" if terms.units else "",
        f"单位名册中没有 {'、'.join(missing)}" if missing else "",
        "已停用" if row.revoked_at else "" if row.nkey else "没有钥匙",
    ]
    return "　".join(part for part in parts if part)


def _unknown_to(row: PartnerRow, unknown: Collection[str]) -> list[str]:
    return [each for each in row.terms.units if each in unknown]
