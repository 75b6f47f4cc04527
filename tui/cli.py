"""`todoke tui`: open the terminal UI of city staff."""

from pathlib import Path

import click

from todoke.client import Tls

# Textual is imported when it is run: `todoke --help` must not wait for it.

LANGUAGES = click.Choice(["ja", "en"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option(
    "--core",
    "address",
    envvar="TODOKE_CORE",
    default="127.0.0.1:7700",
    show_default=True,
    metavar="HOST:PORT",
    help="Where the core listens.",
)
@click.option(
    "--municipality", envvar="TODOKE_MUNICIPALITY", default="", help="Its code of six digits."
)
@click.option("--user", "name", default="", help="The name to sign in with.")
@click.option("--password-file", type=FILE, help="Holds the password, alone on one line.")
@click.option("--tour", is_flag=True, help="Tell on each screen what to do next.")
@click.option(
    "--language", envvar="TODOKE_LANGUAGE", type=LANGUAGES, default="ja", show_default=True
)
@click.option("--ca", type=FILE, help="PEM of who signs the core's certificate; turns TLS on.")
@click.option(
    "--certificate", type=FILE, help="PEM of our own certificate, where the core asks for one."
)
@click.option("--key", type=FILE, help="PEM of the key of --certificate.")
def tui(  # noqa: PLR0917 - click calls it by keyword, an option each.
    address: str,
    municipality: str,
    name: str,
    password_file: Path | None,
    tour: bool,  # noqa: FBT001 - click calls it by keyword.
    language: str,
    ca: Path | None,
    certificate: Path | None,
    key: Path | None,
) -> None:
    """Open the terminal UI for city staff: programs, applications, payments, residents, audit."""
    from tui.run import run  # noqa: PLC0415 - see above.

    tls = tls_of(ca, certificate, key)
    password = ""
    if password_file is not None:
        password = password_file.read_text(encoding="utf-8").strip("\r\n")
        if not password:
            raise click.BadParameter(
                f"{password_file} is empty; write the password into it, alone on one line",
                param_hint="--password-file",
            )
    run(
        address,
        language=language,
        municipality=municipality,
        name=name,
        password=password,
        tour=tour,
        tls=tls,
    )


def tls_of(ca: Path | None, certificate: Path | None, key: Path | None) -> Tls | None:
    """Return what the connection is kept safe by; refuse options that miss one another."""
    if (certificate is None) != (key is None):
        raise click.UsageError("--certificate and --key go together; name both, or neither")
    if certificate is not None and ca is None:
        raise click.UsageError("--certificate needs --ca, which says whom to show it to")
    return Tls(ca, certificate, key) if ca else None
