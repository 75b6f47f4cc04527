"""`todoke line`: run the LINE adapter until told to stop."""

from pathlib import Path

import click

# The adapter is imported when it is run: `todoke --help` must not wait for LINE's SDK.


@click.command()
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file of settings; the environment (TODOKE_LINE_…) overrules it.",
)
def line(config: Path | None) -> None:
    """Speak with residents in LINE: take their taps to the core, and send what it has for them."""
    from channels.line.settings import LineSettings  # noqa: PLC0415 - see above.
    from channels.settings import SettingsWrong, load  # noqa: PLC0415 - see above.

    try:
        settings = load(LineSettings, config)
    except SettingsWrong as wrong:
        raise click.ClickException(str(wrong)) from wrong

    from channels.line.app import create_app  # noqa: PLC0415 - see above.
    from channels.serve import Server, log_as_json  # noqa: PLC0415 - see above.

    log_as_json()
    server = Server("LINE", create_app(settings), host=settings.host, port=settings.port)
    server.run()
