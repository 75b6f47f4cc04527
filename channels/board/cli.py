"""`todoke board`: run the boards adapter until told to stop."""

from pathlib import Path

import click

# The adapter is imported when it is run: `todoke --help` must not wait for it.


@click.command()
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file of settings; the environment (TODOKE_BOARD_…) overrules it.",
)
def board(config: Path | None) -> None:
    """Let neighbours read circulars, leaders send them, and a screen show what is public."""
    from channels.board.settings import BoardSettings  # noqa: PLC0415 - see above.
    from channels.settings import SettingsWrong, load  # noqa: PLC0415 - see above.

    try:
        settings = load(BoardSettings, config)
    except SettingsWrong as wrong:
        raise click.ClickException(str(wrong)) from wrong

    from channels.board.app import create_app  # noqa: PLC0415 - see above.
    from channels.serve import Server, log_as_json  # noqa: PLC0415 - see above.

    log_as_json()
    server = Server("Board", create_app(settings), host=settings.host, port=settings.port)
    server.run()
