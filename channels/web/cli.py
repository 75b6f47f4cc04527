"""`todoke web`: run the web adapter until told to stop."""

from pathlib import Path

import click

# The adapter is imported when it is run: `todoke --help` must not wait for it.


@click.command()
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file of settings; the environment (TODOKE_WEB_…) overrules it.",
)
def web(config: Path | None) -> None:
    """Let residents register, sign in and see what is held of them, in a browser."""
    from channels.settings import SettingsWrong, load  # noqa: PLC0415 - see above.
    from channels.web.settings import WebSettings  # noqa: PLC0415 - see above.

    try:
        settings = load(WebSettings, config)
    except SettingsWrong as wrong:
        raise click.ClickException(str(wrong)) from wrong

    from channels.serve import Server, log_as_json  # noqa: PLC0415 - see above.
    from channels.web.app import create_app  # noqa: PLC0415 - see above.

    log_as_json()
    server = Server("Web", create_app(settings), host=settings.host, port=settings.port)
    server.run()
