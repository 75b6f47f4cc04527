"""`todoke simulate auth-app`: what it refuses to start with, and that it runs, logs and stops."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from joserfc.jwk import ECKey

from channels.simulators.auth_app.cli import auth_app
from tests.channels.simulators.auth_app.party import (
    CALLBACK,
    CLIENT,
    KEY,
    PIN,
    Party,
    a_card,
    write_keys,
)


def options(folder: Path, **changes: str) -> list[str]:
    usual = {
        "--cards": str(folder),
        "--client-id": CLIENT,
        "--client-jwks": str(write_keys(folder / "jwks.json", KEY)),
        "--redirect-uri": CALLBACK,
        "--state": str(folder / "state"),
        "--port": "0",
    }
    return [word for pair in (usual | changes).items() for word in pair]


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--fault", "rain=1", "no fault is called 'rain'"),
        ("--fault", "slow=2", "not within 0 and 1"),
        ("--client-id", "RP-1", "letters and digits"),
        ("--redirect-uri", "/callback", "not an absolute URI"),
        ("--cards", "nowhere", "does not exist"),
        ("--client-jwks", "nowhere", "does not exist"),
        ("--birthdate-as", "era", "'era' is not one of"),
    ],
)
def test_a_wrong_option_is_refused_with_its_remedy(tmp_path, option, value, words) -> None:
    result = CliRunner().invoke(auth_app, options(tmp_path, **{option: value}))

    assert result.exit_code == 2
    assert words in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("no JSON", "no JWK set"),
        ([], "no key for signatures"),
        ([KEY.as_dict(private=True)], "private key"),
        ([{"kty": "oct", "k": "c2VjcmV0"}], "kind oct is not taken"),
        ([ECKey.generate_key("P-384").as_dict(private=False)], "kind EC is not taken"),
        ([{"kty": "RSA", "n": "AQAB", "e": "AQAB"}], "no JWK set"),
        ([{**KEY.as_dict(private=False), "use": "enc"}], "no key for signatures"),
    ],
)
def test_keys_that_are_not_taken_are_refused_at_the_start(tmp_path, keys, words) -> None:
    file = tmp_path / "keys.json"
    file.write_text(keys if isinstance(keys, str) else json.dumps({"keys": keys}))
    result = CliRunner().invoke(auth_app, options(tmp_path, **{"--client-jwks": str(file)}))

    assert result.exit_code == 1
    assert words in " ".join(result.output.split())


async def test_it_runs_for_a_citys_folder_and_logs_nothing_personal(tmp_path, authority) -> None:
    city = tmp_path / "city"
    (city / "authority").mkdir(parents=True)
    (city / "authority" / "cards").symlink_to(authority.cards)
    card = a_card(authority, "髙橋　七八九")
    port = tmp_path / "port"
    started = options(tmp_path, **{"--cards": str(city), "--announce": str(port)})
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from todoke.command import main; main()"),
        *("simulate", "auth-app", *started),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        said = (await process.stdout.readline()).decode()
        url = f"http://127.0.0.1:{port.read_text()}"
        async with httpx.AsyncClient() as http:
            party = Party(url, http, time.time)
            await party.press(await party.ask(), card=card, pin="9999")
            tokens = (await party.exchange(await party.code(card))).json()
            told = (await party.userinfo(tokens["access_token"])).json()
    finally:
        process.send_signal(signal.SIGTERM)
        logged = (await process.communicate())[1].decode()

    assert said == f"Authentication app simulator ready at {url}\n"
    assert told["name"] == "髙橋　七八九"
    lines = [json.loads(line) for line in logged.splitlines()]
    events = ["page shown", "card refused", "page shown", "agreed", "tokens issued"]
    assert [line["event"] for line in lines] == events
    # Digits of a time could be those of a PIN.
    rest = "".join(str({**line, "timestamp": ""}) for line in lines)
    personal = {*told["name"].split(), "1985", PIN, card, told["sub"], tokens["access_token"]}
    assert not [word for word in personal if word in rest]
