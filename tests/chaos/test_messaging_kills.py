"""Campaigns told while core, adapters and LINE's simulator are killed: once each, whatever dies."""

from pathlib import Path

import pytest

from tests.chaos import messaging
from tests.chaos.messaging import AMIDST, EACH, EVERYBODY, Size

SIZE = Size(
    together=2_500, each=500, kills=15, seed=1, lease_seconds=10,
    rates={"multicast": 2, "push": 300},
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_everybody_is_told_once_whatever_is_killed_and_the_emergency_overtakes(
    database: str, tmp_path: Path
) -> None:
    played = await messaging.play(database, tmp_path, SIZE)

    assert sum(played.kills.values()) >= SIZE.kills
    assert all(played.kills.values())
    people = {words: (one.people, one.doubled, one.lost) for words, one in played.told.items()}
    assert people == {
        words: (2_500 if words == EVERYBODY else 500, 0, 0) for words in played.counted
    }
    assert not any(one.strangers or one.misread for one in played.told.values())
    assert played.states == {words: f"sent {people[words][0]}" for words in people}
    assert played.dispatches == {"sent": 4_000}
    assert played.accepted == played.quota == 4_000
    # Where the others were through before every part was up again, nothing was left to overtake.
    nothing_was_left = played.told_before == 3_000
    assert nothing_was_left or played.told[AMIDST].last < played.told[EACH].last
