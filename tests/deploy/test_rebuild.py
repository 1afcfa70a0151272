"""Operators have tables made anew."""

from tests.deploy.test_operators_commands import Xiaoneng, xiaoneng

__all__ = ["xiaoneng"]


async def test_each_service_can_be_rebuilt(xiaoneng: Xiaoneng) -> None:
    await xiaoneng("provision")
    for service in ("electronic_supervision", "evaluation"):
        code, out, _ = await xiaoneng("rebuild", service)
        assert (code, service in out) == (0, True)
