"""`todoke seal`: the city's key, which the offline kit opens exports with, and decisions."""

from datetime import UTC, datetime
from pathlib import Path

import click

from core.kit import paying
from core.kit.asking import FILE, KEYS, NEW_FILE, refusals_in_words
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


@seal.command("decisions")
@click.option("--parcel", type=FILE, required=True, help="封をした決定 / The sealed decisions.")
@KEYS
@click.option("--out", type=NEW_FILE, required=True, help="支払の一覧 / Where the list goes.")
@click.option(
    "--log", type=NEW_FILE, required=True, help="受け渡しの記録 / The log, crossings.csv."
)
@click.option("--operator", required=True, help="作業者の氏名 / Who takes it in.")
@click.option("--approver", required=True, help="承認者の氏名 / Who approves: another person.")
def decisions(
    *, parcel: Path, keys: tuple[Path, ...], out: Path, log: Path, operator: str, approver: str
) -> None:
    """決定を開く / Open decisions for whoever pays inside, by two people, once."""
    if not keys:
        raise click.UsageError(both("report.key_missing"))
    with refusals_in_words():
        found, content_hash = paying.open_parcel(
            parcel,
            out,
            log,
            [read_key(one) for one in keys],
            operator=operator,
            approver=approver,
            now=datetime.now(UTC),
        )
    for language in LANGUAGES:
        words = {"count": f"{found.count:,}", "total": f"{found.total:,}", "hash": content_hash}
        click.echo(say(language, "report.decisions", **words))


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
