"""`todoke seal key`: the city's key, which the offline kit opens exports with."""

from datetime import UTC, datetime
from pathlib import Path

import click

from core.kit.asking import FILE, NEW_FILE, refusals_in_words
from core.kit.wording import LANGUAGES, both, say
from core.sealing.keys import CityKey, fingerprint, new_key, read_key, spoken


@click.group()
def seal() -> None:
    """市の鍵を扱う / Keep the city's key."""


@seal.group()
def key() -> None:
    """鍵 / The key that exports are sealed to."""


@key.command("new")
@click.option("--out", type=NEW_FILE, required=True, help="鍵のファイル / Where the key goes.")
def new(*, out: Path) -> None:
    """鍵を作る / Make a key; what is there is never written over."""
    try:
        _show(new_key(out, now=datetime.now(UTC)))
    except FileExistsError as exists:
        raise click.ClickException(both("report.key_exists", file=out)) from exists


@key.command("show")
@click.option("--key", "file", type=FILE, required=True, help="鍵のファイル / The key's file.")
def show(*, file: Path) -> None:
    """公開鍵と指紋を見る / Show the public key and its fingerprint."""
    with refusals_in_words():
        _show(read_key(file))


def _show(key: CityKey) -> None:
    click.echo(key.public_key)
    for language in LANGUAGES:
        click.echo(say(language, "report.fingerprint"))
    for line in spoken(fingerprint(key.public_key)):
        click.echo(f"  {line}")
