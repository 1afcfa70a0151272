"""Provisioning makes what is missing, mends what differs, and refuses what it would break."""

import asyncio
from datetime import timedelta

import pytest

from deploy.provision.provision import DifferencesError, provision
from deploy.provision.settings import Settings
from services.evaluation.tenancy import TENANCY as EVALUATION
from tests.deploy.conftest import HALL, PASSWORDS, House

ROLE = "xiaoneng_evaluation"


async def test_a_second_run_changes_nothing(house: House) -> None:
    first = await house.provision()
    assert {"role-missing", "schema-missing", "migration-pending", "grant-missing"} <= {
        each.code for each in first.applied
    }
    assert (await house.provision()).applied == []
    assert await house.codes() == []


async def test_two_at_once_do_not_disturb_each_other(house: House) -> None:
    await asyncio.gather(house.provision(), house.provision())
    assert await house.codes() == []


async def test_looking_changes_nothing(house: House) -> None:
    before = await house.codes()
    assert before == await house.codes()
    assert {"role-missing", "schema-missing", "stream-missing", "consumer-missing"} <= set(before)


async def test_the_report_lets_each_service_in(house: House) -> None:
    access = (await house.provision()).access["evaluation"]
    assert access.postgres_url == house.role_url(EVALUATION)
    assert access.nats_url == house.user_url("evaluation")
    assert PASSWORDS["evaluation"] not in repr(access)


@pytest.mark.parametrize(
    ("tampering", "code"),
    [
        (f"grant update on evaluation.event to {ROLE}", "grant-excess"),
        (f"grant update (data) on evaluation.event to {ROLE}", "grant-excess"),
        (f"grant select on evaluation.event to {ROLE} with grant option", "grant-excess"),
        (f"grant create on schema evaluation to {ROLE}", "grant-excess"),
        (f"grant usage on schema electronic_supervision to {ROLE}", "grant-excess"),
        (f"grant select on electronic_supervision.event to {ROLE}", "grant-excess"),
        ("grant select on evaluation.event to public", "grant-excess"),
        ("grant create on schema public to public", "grant-excess"),
        (f"revoke insert on evaluation.event from {ROLE}", "grant-missing"),
        (f"revoke usage on schema evaluation from {ROLE}", "grant-missing"),
        ("grant execute on all functions in schema evaluation to public", "grant-excess"),
        (f"alter role {ROLE} createdb", "role-attribute"),
        (f"alter role {ROLE} superuser", "role-attribute"),
        (f"alter role {ROLE} nologin", "role-password"),
        (f"alter role {ROLE} password 'another'", "role-password"),
        (f"alter role {ROLE} valid until '2001-01-01'", "role-password"),
        ("comment on schema evaluation is null", "shape-older"),
        ("create table evaluation.added (x int)", "grant-missing"),
    ],
)
async def test_a_difference_in_the_database_is_shown_and_mended(
    provisioned: House, tampering: str, code: str
) -> None:
    await provisioned.execute(tampering)
    assert code in await provisioned.codes()
    await provisioned.provision()
    assert await provisioned.codes() == []


async def test_another_search_path_is_shown_and_mended(provisioned: House) -> None:
    await provisioned.execute(
        f"do $$ begin execute format('alter role {ROLE} in database %I set search_path = public',"
        " current_database()); end $$"
    )
    assert await provisioned.codes() == ["role-setting"]
    await provisioned.provision()
    assert await provisioned.codes() == []


@pytest.mark.parametrize(
    ("tampering", "code"),
    [
        ("update evaluation.migration set digest = '' where number = 1", "migration-drift"),
        ("insert into evaluation.migration values ('p', 9, '0009_x.sql', '')", "migration-drift"),
        ("comment on schema evaluation is 'xiaoneng shape 99'", "shape-newer"),
        ("drop table evaluation.migration", "schema-foreign"),
        (f"grant pg_read_all_data to {ROLE}", "role-member"),
        (f"alter table evaluation.gap owner to {ROLE}", "role-owner"),
    ],
)
async def test_what_can_not_be_mended_safely_is_refused_and_nothing_is_touched(
    provisioned: House, tampering: str, code: str
) -> None:
    await provisioned.execute(f"{tampering}; grant update on evaluation.event to {ROLE}")
    with pytest.raises(DifferencesError) as refused:
        await provisioned.provision()
    assert refused.value.code == "provision-blocked"
    assert code in [each.code for each in refused.value.found]
    assert "grant-excess" in await provisioned.codes(), "something was changed after all"


@pytest.mark.parametrize(
    ("stream", "change"),
    [
        ("SUPERVISION", {"max_age": 10**12}),
        ("SUPERVISION", {"max_msgs": 5}),
        ("SUPERVISION", {"allow_atomic": False}),
        ("SUPERVISION", {"duplicate_window": 10**9}),
        ("CITY", {"max_msg_size": 100}),
        ("CITY", {"allow_direct": False}),
        ("CITY", {"metadata": {}}),
    ],
)
async def test_a_difference_of_a_stream_is_shown_and_mended(
    provisioned: House, stream: str, change: dict[str, object]
) -> None:
    config = (await provisioned.ask(f"STREAM.INFO.{stream}"))["config"]
    await provisioned.ask(f"STREAM.UPDATE.{stream}", {**config, **change})
    assert await provisioned.codes() == ["stream-field"]
    await provisioned.provision()
    assert await provisioned.codes() == []


async def test_what_the_operator_wrote_on_a_stream_is_kept(provisioned: House) -> None:
    config = (await provisioned.ask("STREAM.INFO.CITY"))["config"]
    metadata = config["metadata"] | {"owner": "信息中心"}
    described = {**config, "description": "市级系统", "metadata": metadata}
    await provisioned.ask("STREAM.UPDATE.CITY", {**described, "max_msgs": 5})
    await provisioned.provision()
    config = (await provisioned.ask("STREAM.INFO.CITY"))["config"]
    assert (config["description"], config["metadata"]["owner"]) == ("市级系统", "信息中心")
    assert config["max_msgs"] == -1


async def test_a_stream_with_other_subjects_is_refused(house: House) -> None:
    await house.ask("STREAM.CREATE.CITY", {"name": "CITY", "subjects": ["town.>"]})
    with pytest.raises(DifferencesError) as refused:
        await house.provision()
    assert "subjects" in "".join(each.message for each in refused.value.found)
    assert "role-missing" in await house.codes(), "something was changed after all"


async def test_a_stream_that_takes_our_subjects_away_is_refused(house: House) -> None:
    await house.ask("STREAM.CREATE.THEIRS", {"name": "THEIRS", "subjects": ["city.hall.>"]})
    with pytest.raises(DifferencesError) as refused:
        await house.provision()
    assert [each.code for each in refused.value.found] == ["stream-overlap"]


async def test_a_stream_in_memory_is_refused(house: House) -> None:
    config = {"name": "SUPERVISION", "subjects": ["xiaoneng.supervision.>"], "storage": "memory"}
    await house.ask("STREAM.CREATE.SUPERVISION", {**config, "max_msgs": 7})
    with pytest.raises(DifferencesError) as refused:
        await house.provision()
    assert any("storage" in each.message for each in refused.value.found)
    assert all("max_msgs " not in each.message for each in refused.value.found)


async def test_a_consumer_follows_the_settings(provisioned: House) -> None:
    patient = Settings(ack_wait=timedelta(minutes=2), max_ack_pending=10)
    assert await provisioned.codes(patient) == ["consumer-field"]
    await provisioned.provision(patient)
    assert await provisioned.codes(patient) == []
    told = await provisioned.ask("CONSUMER.INFO.CITY.electronic_supervision")
    assert told["config"]["ack_wait"] == 120 * 10**9


async def test_a_consumer_that_hears_only_a_part_is_refused(provisioned: House) -> None:
    place = "CITY.electronic_supervision"
    config = (await provisioned.ask(f"CONSUMER.INFO.{place}"))["config"]
    body = {"stream_name": "CITY", "config": {**config, "filter_subject": "city.a.>"}}
    await provisioned.ask(f"CONSUMER.CREATE.{place}.city.a.>", body)
    with pytest.raises(DifferencesError) as refused:
        await provisioned.provision()
    assert [each.code for each in refused.value.found] == ["consumer-field"]


async def test_a_wiped_bus_is_made_again(provisioned: House) -> None:
    await provisioned.say(HALL, 2)
    for stream in ("CITY", "ORGANISATION", "SUPERVISION"):
        await provisioned.ask(f"STREAM.DELETE.{stream}")
    assert await provisioned.codes() == ["consumer-missing", "stream-missing"]
    await provisioned.provision()
    assert await provisioned.codes() == []


async def test_an_administrator_who_may_not_do_all_is_told_what_is_left(house: House) -> None:
    await house.execute("drop role if exists weak; create role weak login createrole password 'p'")
    await house.execute(
        "do $$ begin execute format('grant create on database %I to weak', current_database());"
        " end $$"
    )
    weak = f"postgresql://weak:p@{house.postgres_url.rpartition('@')[2]}"
    with pytest.raises(DifferencesError) as refused:
        await provision(weak, house.nats_url, PASSWORDS)
    assert refused.value.code == "provision-incomplete"
    assert {each.code for each in refused.value.found} == {"grant-excess", "grant-missing"}
