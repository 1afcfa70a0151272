"""What a process of electronic supervision is told, and how it refuses what it can't use."""

import pytest

from kernel.process import SettingError
from services.electronic_supervision.settings import ALL, Part, from_environment

NEEDED = {
    "XIAONENG_POSTGRES_URL": "postgresql://…",
    "XIAONENG_NATS_URL": "nats://…",
    "XIAONENG_ACCESS_URL": "postgresql://…",
}


def test_a_process_does_everything_unless_it_is_told_otherwise() -> None:
    settings = from_environment(NEEDED)
    assert (settings.parts, settings.port, settings.host) == (ALL, 0, "127.0.0.1")


def test_a_process_may_do_some_parts_only() -> None:
    settings = from_environment({**NEEDED, "XIAONENG_PARTS": "loop, relay"})
    assert settings.parts == {Part.LOOP, Part.RELAY}


def test_a_process_without_doors_is_told_nothing_of_who_may_come_in() -> None:
    settings = from_environment(
        {**NEEDED, "XIAONENG_ACCESS_URL": "", "XIAONENG_PARTS": "intake,loop,relay"}
    )
    assert settings.access is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"XIAONENG_POSTGRES_URL": ""},
        {"XIAONENG_NATS_URL": ""},
        {"XIAONENG_ACCESS_URL": ""},
        {"XIAONENG_PARTS": "everything"},
        {"XIAONENG_HTTP_PORT": "70000"},
        {"XIAONENG_HTTP_PORT": "-1"},
        {"XIAONENG_TIME_SHIFT": "soon"},
        {"XIAONENG_PUBLIC_URL": "console.city.cn"},
        {"XIAONENG_PUBLIC_URL": "https://console.city.cn/x"},
        {"XIAONENG_PARTITIONS": "９"},
    ],
)
def test_a_setting_that_can_not_be_used_is_named(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingError, match=next(iter(wrong))):
        from_environment({**NEEDED, **wrong})


def test_no_setting_shows_a_password_when_printed() -> None:
    urls = {
        "XIAONENG_POSTGRES_URL": "postgresql://u:pw@h",
        "XIAONENG_ACCESS_URL": "postgresql://u:pw@h",
    }
    assert "pw" not in repr(from_environment({**NEEDED, **urls}))
