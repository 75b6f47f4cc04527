"""`todoke simulate auth-app`: run the authentication app simulator until told to stop."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from channels.simulators.auth_app.settings import (
    AddressAs,
    BirthdateAs,
    ClaimsIn,
    Client,
    GenderAs,
    Settings,
)

if TYPE_CHECKING:
    from starlette.applications import Starlette

# The server is imported when it is run: `todoke --help` must not wait for it.

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def choice(kind: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([str(each) for each in kind])


@click.command("auth-app")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8610, show_default=True, help="Port; 0 takes a free one.")
@click.option("--base-url", default="", help="As browsers reach it; default: http://HOST:PORT.")
@click.option(
    "--announce",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the port into this file.",
)
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("auth-app-simulator"),
    show_default=True,
    help="Folder of its own keys.",
)
@click.option("--cards", type=FOLDER, required=True, help="A city's folder, or one of cards.")
@click.option("--client-id", required=True, help="1 to 255 letters and digits.")
@click.option("--client-name", default="とどけ市", show_default=True, help="Shown on the page.")
@click.option("--client-jwks", type=FILE, required=True, help="The client's public keys.")
@click.option(
    "--redirect-uri", "redirect_uris", multiple=True, required=True, help="Whole; repeatable."
)
@click.option("--claims-in", type=choice(ClaimsIn), default="both", show_default=True)
@click.option("--birthdate-as", type=choice(BirthdateAs), default="digits", show_default=True)
@click.option("--gender-as", type=choice(GenderAs), default="code", show_default=True)
@click.option("--address-as", type=choice(AddressAs), default="object", show_default=True)
@click.option("--seed", default=0, show_default=True, help="Seed of the faults' dice.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME=PROBABILITY[:SECONDS]",
    help="A fault that is on from the start; repeatable.",
)
def auth_app(
    *,
    host: str,
    port: int,
    base_url: str,
    announce: Path | None,
    state: Path,
    cards: Path,
    client_id: str,
    client_name: str,
    client_jwks: Path,
    redirect_uris: tuple[str, ...],
    claims_in: str,
    birthdate_as: str,
    gender_as: str,
    address_as: str,
    seed: int,
    faults: tuple[str, ...],
) -> None:
    """Stand in for the Digital Agency's authentication app: an OpenID provider with a page."""
    from channels.simulators.auth_app.app import create_app  # noqa: PLC0415 - see above.
    from channels.simulators.auth_app.faults import NAMES  # noqa: PLC0415 - see above.
    from channels.simulators.auth_app.serve import serve  # noqa: PLC0415 - see above.
    from channels.simulators.faults import Fault  # noqa: PLC0415 - see above.

    try:
        switches = dict(Fault.read(words, NAMES) for words in faults)
        client = Client(
            id=client_id, name=client_name, jwks=client_jwks, redirect_uris=redirect_uris
        )
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from wrong

    in_city = cards / "authority" / "cards"

    def make(url: str) -> "Starlette":
        settings = Settings(
            base_url=url,
            state=state,
            clients=(client,),
            claims_in=ClaimsIn(claims_in),
            birthdate_as=BirthdateAs(birthdate_as),
            gender_as=GenderAs(gender_as),
            address_as=AddressAs(address_as),
            seed=seed,
            faults=switches,
        )
        return create_app(settings, cards=in_city if in_city.is_dir() else cards)

    try:
        serve(make, host=host, port=port, base_url=base_url, announce=announce)
    except (OSError, ValueError) as wrong:
        raise click.ClickException(str(wrong)) from wrong
