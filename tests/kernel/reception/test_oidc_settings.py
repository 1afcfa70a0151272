"""A provider is only trusted at an address that nobody on the way can change."""

import pytest

from kernel.process import SettingError
from kernel.reception.oidc import TITLE, provider_from

CONSOLE = "https://console.city.cn"
TOLD = {
    "XIAONENG_OIDC_ISSUER": "https://sso.city.cn/realms/officials",
    "XIAONENG_OIDC_CLIENT_ID": "xiaoneng",
    "XIAONENG_OIDC_CLIENT_SECRET": "hidden",
}


def test_a_city_without_a_provider_has_none() -> None:
    assert provider_from({}, CONSOLE) is None


def test_a_provider_is_told_by_settings_and_keeps_its_secret() -> None:
    provider = provider_from(TOLD, CONSOLE)
    assert provider is not None
    assert (provider.issuer, provider.title) == (TOLD["XIAONENG_OIDC_ISSUER"], TITLE)
    assert "hidden" not in repr(provider)


@pytest.mark.parametrize(
    "issuer",
    [
        "http://sso.city.cn",
        "ftp://127.0.0.1",
        "https://",
        "https:///realms",
        "https://sso.city.cn/?realm=a",
        "https://sso.city.cn/#a",
        "sso.city.cn",
    ],
)
def test_an_issuer_that_others_could_play_is_refused(issuer: str) -> None:
    with pytest.raises(SettingError, match="XIAONENG_OIDC_ISSUER"):
        provider_from(TOLD | {"XIAONENG_OIDC_ISSUER": issuer}, CONSOLE)


def test_no_host_header_says_where_a_code_is_sent() -> None:
    with pytest.raises(SettingError, match="XIAONENG_PUBLIC_URL"):
        provider_from(TOLD, "")


@pytest.mark.parametrize("missing", ["XIAONENG_OIDC_CLIENT_ID", "XIAONENG_OIDC_CLIENT_SECRET"])
def test_a_provider_without_credentials_is_refused(missing: str) -> None:
    with pytest.raises(SettingError, match=missing):
        provider_from(TOLD | {missing: ""}, CONSOLE)
