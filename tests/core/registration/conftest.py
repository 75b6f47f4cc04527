"""What tests of registration stand on: an authority that signs anything, and an app."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from channels.simulators.card import Authority
from channels.simulators.card.keys import load
from tests import town
from tests.cards import Cards
from tests.core.registration.a_provider import Fake, serving_fake, settings_for
from tests.core.registration.browser import Browser
from tests.core.registration.certificates import HOLDER, NOW, World, a_certificate
from tests.town import Clock


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> World:
    folder = tmp_path_factory.mktemp("jpki")
    authority = Authority.create(folder, clock=lambda: NOW)
    authority_key = load((folder / "keys" / "signca01.pem").read_bytes())
    key = rsa.generate_private_key(65537, 2048)
    return World(authority, authority_key, key, a_certificate(HOLDER, key, authority_key))


@pytest.fixture
async def fake() -> AsyncIterator[Fake]:
    async with serving_fake(Clock()) as served:
        yield served


@pytest.fixture
async def browser(
    database: str, tmp_path: Path, cards: Cards, fake: Fake
) -> AsyncIterator[Browser]:
    told = settings_for(fake.issuer, tmp_path, auth_app_timeout_seconds=20)
    built = await town.build(database, tmp_path, **cards.settings, **told)
    fake.clock = built.clock
    yield Browser(built, fake, await built.channel())
    await built.close()
