"""The `todoke` command: gathers the sub-commands that each installed process brings.

A process names its commands under the entry-point group `todoke.commands`. They are loaded when
they are called, so that `todoke tui` never imports the core.
"""

import gc
from importlib.metadata import EntryPoint, entry_points

import click

LOOK_AFTER = 100_000
"""How many new objects Python looks for garbage after. What a process loads at its start stays: to
look through it after every 700, as Python does by itself, takes an eighth of the core's start."""

_OURS = frozenset({"core", "channels", "tui", "todoke"})


class Gathered(click.Group):
    """A group whose sub-commands are the entry points of `todoke.commands`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the sub-commands, in the order of the alphabet."""
        del ctx
        return sorted(self._found())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one sub-command; None where no process brings it, or not what it is made of."""
        del ctx
        found = self._found().get(cmd_name)
        try:
            return found.load() if found else None
        except ModuleNotFoundError as missing:
            # The offline kit has the code of all processes, and the libraries of its own alone.
            if (missing.name or "").split(".")[0] in _OURS:
                raise
            return None

    @staticmethod
    def _found() -> dict[str, EntryPoint]:
        return {entry.name: entry for entry in entry_points(group="todoke.commands")}


@click.group(cls=Gathered, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="todoke")
def main() -> None:
    """Todoke (届け): an open smartphone city hall."""
    seldom_look_for_garbage()


def seldom_look_for_garbage() -> None:
    gc.set_threshold(LOOK_AFTER)
