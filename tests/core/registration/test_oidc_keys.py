"""The keys of an authentication app, and our own to it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from core.crypto import KeysUnusable
from core.registration.identity import client_key
from core.registration.identity.oidc import KEPT
from tests.core.registration.a_provider import (
    CLIENT_KEY,
)
from tests.core.registration.test_oidc import RSA, a_fake, an_app, prove, refusal


async def test_a_new_key_of_the_provider_is_asked_for_when_it_is_used() -> None:
    fake = a_fake()
    app = an_app(fake)
    await prove(fake, app)
    fake.key = ECKey.generate_key("P-256", {"kid": "app-2"})

    await prove(fake, app)

    names = [name for name, _ in fake.asked]
    assert names == ["discovery", "certs", "token", "token", "discovery", "certs"]


async def test_the_provider_is_asked_anew_what_it_is_after_an_hour() -> None:
    fake = a_fake()
    app = an_app(fake)
    await prove(fake, app)
    fake.clock.now += KEPT - timedelta(seconds=1)
    await prove(fake, app)
    fake.clock.pass_by(seconds=1)
    await prove(fake, app)

    assert [name for name, _ in fake.asked].count("discovery") == 2


async def test_keys_of_other_kinds_and_broken_ones_do_not_concern_us() -> None:
    fake = a_fake()
    fake.published = [
        RSA.as_dict(private=False),
        {"kty": "EC", "crv": "P-256", "kid": "broken", "x": "?", "y": "?"},
        {**fake.key.as_dict(private=False), "use": "enc", "kid": "enc"},
        fake.key.as_dict(private=False),
    ]
    fake.header = {"kid": "app-1"}

    assert (await prove(fake)).subject == "sub-1"


async def test_without_a_key_id_the_one_key_there_is_is_taken_and_of_two_neither() -> None:
    fake = a_fake()
    fake.header = {"kid": None}
    one = fake.key.as_dict(private=False)
    other = ECKey.generate_key("P-256", {"kid": "app-2"}).as_dict(private=False)

    fake.published = [one]
    assert (await prove(fake)).subject == "sub-1"
    fake.published = [one, other]
    assert await refusal(fake) == "id_token"


def test_a_clients_key_is_read_as_jwk_or_pem(tmp_path: Path) -> None:
    for key, alg in ((ECKey.generate_key("P-256"), "ES256"), (RSA, "RS256")):
        for name, content in (
            ("key.pem", key.as_pem(private=True).decode()),
            ("key.jwk", json.dumps(key.as_dict(private=True))),
        ):
            file = tmp_path / name
            file.write_text(content)
            file.chmod(0o600)

            read = client_key.load(file)

            assert read.thumbprint() == key.thumbprint()
            assert read.kid
            assert client_key.algorithm(read) == alg


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (None, 0o600, "is missing"),
        (CLIENT_KEY.as_pem(private=True).decode(), 0o644, "chmod 600"),
        (CLIENT_KEY.as_pem(private=False).decode(), 0o600, "no private key"),
        ("nonsense", 0o600, "no private key"),
        ('{"kty": "oct", "k": "c2VjcmV0"}', 0o600, "no private key"),
        (ECKey.generate_key("P-384").as_pem(private=True).decode(), 0o600, "P-256"),
        ("鍵", 0o600, "cannot be read"),
    ],
)
def test_a_key_that_cannot_be_used_is_named_with_its_remedy(
    tmp_path: Path, content: str | None, mode: int, said: str
) -> None:
    file = tmp_path / "client.pem"
    if content is not None:
        file.write_text(content)
        file.chmod(mode)

    with pytest.raises(KeysUnusable, match=said):
        client_key.load(file)
