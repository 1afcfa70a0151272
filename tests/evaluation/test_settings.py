"""A process is told by its environment what to do, and names what it can't use."""

import pytest

from kernel.process import SettingError
from kernel.reception.settings import Settings as Access
from services.evaluation.settings import Settings, from_environment

USABLE = {
    "XIAONENG_POSTGRES_URL": "postgresql://a:secret@b/c",
    "XIAONENG_NATS_URL": "nats://a:secret@b",
    "XIAONENG_ACCESS_URL": "postgresql://d:secret@b/c",
}


def test_settings_are_read_and_keep_their_secrets() -> None:
    settings = from_environment({**USABLE, "XIAONENG_HTTP_PORT": "8080"})
    assert settings == Settings(
        postgres_url="postgresql://a:secret@b/c",
        nats_url="nats://a:secret@b",
        access=Access(postgres_url="postgresql://d:secret@b/c"),
        host="127.0.0.1",
        port=8080,
    )
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    "wrong",
    [
        {"XIAONENG_POSTGRES_URL": ""},
        {"XIAONENG_NATS_URL": ""},
        {"XIAONENG_ACCESS_URL": ""},
        {"XIAONENG_SESSION_HOURS": "0"},
        {"XIAONENG_SESSION_IDLE_HOURS": "soon"},
        {"XIAONENG_HTTP_PORT": "http"},
        {"XIAONENG_HTTP_PORT": "-1"},
        {"XIAONENG_HTTP_PORT": "65536"},
    ],
)
def test_a_setting_that_can_not_be_used_is_named(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingError, match=next(iter(wrong))):
        from_environment({**USABLE, **wrong})
