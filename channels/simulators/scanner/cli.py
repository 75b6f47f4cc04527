"""`todoke simulate scanner`: a virus scanner to try uploads with."""

import asyncio

import click

from channels.simulators.scanner.scanner import Scanner


@click.command()
@click.option("--port", default=3310, show_default=True, help="0 picks one.")
def scanner(port: int) -> None:
    """Speak as clamd does, and find EICAR's test file. Ends with Ctrl+C."""
    asyncio.run(_serve(port))


async def _serve(port: int) -> None:
    served = Scanner()
    click.echo(f"scanner ready on 127.0.0.1:{await served.start(port)}")
    await asyncio.Event().wait()
