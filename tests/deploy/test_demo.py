"""What a newcomer sees first has to work."""

import asyncio

import pytest

from deploy.local.command import main


async def test_the_demonstration_shows_cards_and_how_they_are_lifted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert await asyncio.to_thread(main, ["demo"]) == 0
    told = capsys.readouterr().out
    assert told.index("黄牌") < told.index("红牌") < told.index("黄牌、红牌已撤销")
    assert "届满：2026年3月9日（周一）24时" in told
    assert "哈希链完整，无一改动" in told
