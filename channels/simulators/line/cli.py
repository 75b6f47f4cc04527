"""`todoke simulate line`: run the LINE platform simulator until told to stop."""

from pathlib import Path

import click

# The server is imported when it is run: `todoke --help` must not wait for it.

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def secret_in(path: Path) -> str:
    """Read a secret kept alone in a file."""
    secret = path.read_text(encoding="utf-8").strip()
    if not secret:
        raise click.BadParameter(f"{path} is empty; write the secret into it, alone on one line")
    return secret


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8600, show_default=True, help="Port; 0 takes a free one.")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("line-simulator.db"),
    show_default=True,
    help="SQLite file that keeps everything LINE accepted.",
)
@click.option("--channel-id", default="1234567890", show_default=True)
@click.option("--channel-secret-file", type=FILE, required=True, help="Signs the webhooks.")
@click.option("--channel-access-token-file", type=FILE, required=True, help="Opens the API.")
@click.option("--webhook-url", default="", help="Where events go; the API can change it.")
@click.option(
    "--cards",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of simulated My Number cards; without it nobody can hold a card.",
)
@click.option("--account-name", default="とどけ市", show_default=True, help="Shown on the phone.")
@click.option("--quota", type=click.IntRange(min=0), help="Monthly messages; default: no limit.")
@click.option(
    "--webhook-events",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="The most events in one webhook body.",
)
@click.option("--login-channel-id", default="2000000001", show_default=True)
@click.option(
    "--login-channel-secret-file",
    type=FILE,
    help="Of the LINE Login channel; without it nobody can sign in with LINE.",
)
@click.option(
    "--login-callback-url",
    "login_callback_urls",
    multiple=True,
    help="Where a sign-in may lead back to; repeatable. Default: any address of this machine.",
)
@click.option("--login-es256", is_flag=True, help="Sign all ID tokens by ES256, as LIFF's are.")
@click.option("--rate-limits/--no-rate-limits", default=True, show_default=True)
@click.option("--redelivery/--no-redelivery", default=True, show_default=True)
@click.option("--seed", default=0, show_default=True, help="Seed of the faults' dice.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME=PROBABILITY[:SECONDS]",
    help="A fault that is on from the start; repeatable.",
)
def line(
    *,
    host: str,
    port: int,
    state: Path,
    channel_id: str,
    channel_secret_file: Path,
    channel_access_token_file: Path,
    webhook_url: str,
    cards: Path | None,
    account_name: str,
    quota: int | None,
    webhook_events: int,
    login_channel_id: str,
    login_channel_secret_file: Path | None,
    login_callback_urls: tuple[str, ...],
    login_es256: bool,
    rate_limits: bool,
    redelivery: bool,
    seed: int,
    faults: tuple[str, ...],
) -> None:
    """Stand in for LINE: its Messaging API, its webhooks, and a phone page for each person."""
    import uvloop  # noqa: PLC0415 - see above.

    from channels.simulators.faults import Fault  # noqa: PLC0415 - see above.
    from channels.simulators.line.app import create_app  # noqa: PLC0415 - see above.
    from channels.simulators.line.faults import NAMES  # noqa: PLC0415 - see above.
    from channels.simulators.line.serve import serve  # noqa: PLC0415 - see above.
    from channels.simulators.line.settings import LoginChannel, Settings  # noqa: PLC0415 - see above.

    try:
        switches = dict(Fault.read(words, NAMES) for words in faults)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong), param_hint="--fault") from wrong
    login = None
    if login_channel_secret_file is not None:
        login = LoginChannel(
            id=login_channel_id,
            secret=secret_in(login_channel_secret_file),
            callback_urls=login_callback_urls,
            uses_es256=login_es256,
        )
    settings = Settings(
        state=state,
        channel_id=channel_id,
        channel_secret=secret_in(channel_secret_file),
        channel_access_token=secret_in(channel_access_token_file),
        webhook_url=webhook_url,
        login=login,
        account_name=account_name,
        quota=quota,
        rates={} if not rate_limits else Settings.rates_of_line(),
        webhook_events=webhook_events,
        redelivery=redelivery,
        seed=seed,
        faults=switches,
    )
    wallet = None
    if cards is not None:
        from channels.simulators.card import Wallet  # noqa: PLC0415 - see above.

        wallet = Wallet(cards)
    uvloop.run(serve(create_app(settings, wallet=wallet), host=host, port=port))
