"""`todoke simulate card`: a test authority and its cards by hand."""

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click

from channels.simulators.card.authority import Authority
from channels.simulators.card.card import CardLocked, NoSuchCard, WrongPin, default_auth_pin
from channels.simulators.card.holder import Holder
from channels.simulators.card.wallet import Wallet

FOLDER = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
PIN = click.option("--pin", prompt=True, hide_input=True, help="6 to 16 of A-Z and 0-9.")


@click.group()
def card() -> None:
    """Issue, use and revoke simulated My Number cards; FOLDER is the authority's."""


@card.command()
@FOLDER
@click.option("--new-generation", is_flag=True, help="Another key under the same name.")
def ca(folder: Path, *, new_generation: bool) -> None:
    """Make a test authority, or a new generation of one."""
    try:
        authority = Authority.open(folder) if new_generation else Authority.create(folder)
    except (FileExistsError, FileNotFoundError) as error:
        raise click.ClickException(str(error)) from error
    name = authority.new_generation() if new_generation else authority.generations()[-1]
    click.echo(folder / "ca" / f"{name}.pem")


@card.command()
@FOLDER
@click.option("--name", required=True, help="Family name, a full-width space, given name.")
@click.option("--birth-date", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--sex", required=True, type=click.Choice(["1", "2"]), help="1 male, 2 female.")
@click.option("--address", required=True, help="From the prefecture on.")
@click.option("--card-id", default="", help="Drawn when not given.")
@click.option("--auth-pin", default="", help="4 digits; by default derived from the card's id.")
@PIN
def issue(
    folder: Path,
    *,
    name: str,
    birth_date: datetime,
    sex: str,
    address: str,
    card_id: str,
    auth_pin: str,
    pin: str,
) -> None:
    """Issue a card and print its id."""
    holder = Holder(name=name, birth_date=birth_date.date(), sex=sex, address=address)
    try:
        authority = Authority.open(folder)
        click.echo(authority.issue(holder, pin=pin, card_id=card_id, auth_pin=auth_pin))
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error


@card.command("default-auth-pin")
@click.argument("card_id")
def print_default_auth_pin(card_id: str) -> None:
    """Print the four digits of a card that was issued without --auth-pin."""
    click.echo(default_auth_pin(card_id))


@card.command()
@FOLDER
@click.argument("card_id")
@click.argument("text", type=click.File("rb"))
@PIN
def sign(folder: Path, card_id: str, text: BinaryIO, pin: str) -> None:
    """Sign the file TEXT (- for standard input) and print certificate and signature as JSON."""
    try:
        signed = Wallet(folder / "cards").sign(card_id, pin, text.read())
    except (NoSuchCard, CardLocked, WrongPin) as error:
        raise click.ClickException(str(error)) from error
    answer = {
        "certificate": base64.b64encode(signed.certificate).decode(),
        "signature": base64.b64encode(signed.signature).decode(),
    }
    click.echo(json.dumps(answer))


@card.command()
@FOLDER
@click.argument("card_id")
@click.option("--reason", default="affiliationChanged", help="As RFC 5280 names it.")
def revoke(folder: Path, card_id: str, reason: str) -> None:
    """Put a card on the revocation list."""
    try:
        Authority.open(folder).revoke(card_id, reason)
    except (FileNotFoundError, NoSuchCard, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{card_id} revoked: {reason}")


@card.command()
@FOLDER
def crl(folder: Path) -> None:
    """Sign fresh revocation lists of all generations."""
    try:
        authority = Authority.open(folder)
    except FileNotFoundError as error:
        raise click.ClickException(str(error)) from error
    for generation in authority.generations():
        authority.crl(generation)
        click.echo(folder / "crl" / f"{generation}.crl")
