"""`todoke procedure`: write procedures, on one's own machine without any server."""

import re
import sys
from importlib.resources import files
from pathlib import Path
from string import Template

import click

from core.crypto import KeysUnusable
from core.procedures import packages, yaml_places
from core.procedures.blocks.block import KEY
from core.procedures.cli_publishing import (
    export_package,
    get_source,
    import_package,
    publish,
    retire,
    save,
)
from core.procedures.cli_talking import preview
from core.procedures.linting import Linted, lint
from core.procedures.merging import NOTHING, Tree, diff
from core.procedures.neighbours import resolve_beside
from core.procedures.rewriting import dumped
from core.procedures.schema import schema_text, tables
from core.procedures.source import Problem, Severity

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FILES = click.argument("sources", metavar="FILE…", type=FILE, nargs=-1, required=True)


@click.group()
def procedure() -> None:
    """Write procedures: check, try, compare and publish them."""


@procedure.command("lint")
@FILES
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
def lint_files(sources: tuple[Path, ...], *, strict: bool) -> None:
    """Say what is wrong, as FILE:LINE:COLUMN. Ends with 1 where something is."""
    failed = False
    for path in sources:
        linted = lint(read(path), resolve=resolve_beside(path))
        for problem in linted.problems:
            click.echo(told(path, problem))
        failed = failed or bool(linted.problems if strict else linted.errors)
        if linted.procedure is not None and not linted.errors:
            click.echo(f"{path}: {_counted(linted)}")
    sys.exit(1 if failed else 0)


@procedure.command("test")
@FILES
def test_files(sources: tuple[Path, ...]) -> None:
    """Replay the recorded conversations. Ends with 1 where one comes out otherwise."""
    failed = False
    for path in sources:
        linted = lint(read(path), resolve=resolve_beside(path))
        for problem in linted.errors:
            click.echo(told(path, problem))
        failed = failed or bool(linted.errors)
        click.echo(f"{path}: {linted.replayed} of {linted.conversations} conversations replayed")
    sys.exit(1 if failed else 0)


@procedure.command("diff")
@click.argument("before", type=FILE)
@click.argument("after", type=FILE)
def diff_files(before: Path, after: Path) -> None:
    """Compare two sources by structure. Ends with 1 where they differ."""
    changes = diff(*(_tree(path) for path in (before, after)))
    for change in changes:
        path = ".".join(change.path)
        if change.before is NOTHING:
            click.echo(f"+ {path}: {_line(change.after)}")
        elif change.after is NOTHING:
            click.echo(f"- {path}: {_line(change.before)}")
        else:
            click.echo(f"~ {path}: {_line(change.before)} -> {_line(change.after)}")
    sys.exit(1 if changes else 0)


@procedure.command("new")
@click.argument("key")
@click.option("--title", default="新しい手続き", show_default=True, help="Its name in Japanese.")
def new_source(key: str, title: str) -> None:
    """Begin a procedure: write KEY.yaml from a template, and the schema beside it."""
    if not re.fullmatch(KEY.strip("^$"), key):
        raise click.BadParameter("begins with a letter, then a-z, 0-9 and _", param_hint="KEY")
    path = Path(f"{key}.yaml")
    template = files("core.procedures") / "template.yaml"
    text = Template(template.read_text(encoding="utf-8"))
    quoted = dumped(title).removesuffix("...\n").strip()
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text.safe_substitute(key=key, title=quoted))
    except FileExistsError:
        raise click.ClickException(f"{path} is there already: it is not overwritten") from None
    Path("procedure.schema.json").write_text(schema_text(), encoding="utf-8")
    click.echo(f"wrote {path}; try it with `todoke procedure preview {path}`")


@procedure.command("schema")
@click.option("--tables", "as_tables", is_flag=True, help="Print the reference as tables instead.")
def print_schema(*, as_tables: bool) -> None:
    """Print the JSON Schema by which editors complete and check sources."""
    click.echo(tables() if as_tables else schema_text(), nl=False)


@procedure.command("key")
@click.argument("file", type=click.Path(path_type=Path))
def new_key(file: Path) -> None:
    """Make the key that a town publishes with; print the public one, for others to believe it."""
    try:
        click.echo(packages.create_key(file))
    except FileExistsError:
        raise click.ClickException(f"{file} is there already: it is not overwritten") from None
    except (OSError, KeysUnusable) as problem:
        raise click.ClickException(str(problem)) from None


for command in (preview, save, publish, retire, get_source, export_package, import_package):
    procedure.add_command(command)


def read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.ClickException(f"{path}: is not UTF-8") from None


def told(path: Path, problem: Problem) -> str:
    """Say a problem as compilers do, so that editors jump to it."""
    name = "error" if problem.severity is Severity.ERROR else "warning"
    place = f"{problem.path}: " if problem.path else ""
    return f"{path}:{problem.line}:{problem.column}: {name}: {place}{problem.problem}"


def _counted(linted: Linted) -> str:
    steps = len(linted.procedure.steps) if linted.procedure else 0
    return f"{steps} steps, {linted.replayed} conversations replayed"


def _tree(path: Path) -> Tree:
    try:
        return yaml_places.read(read(path)).value
    except yaml_places.NotYaml as wrong:
        click.echo(f"{path}:{wrong.line}:{wrong.column}: error: {wrong}", err=True)
        sys.exit(2)


def _line(tree: Tree) -> str:
    if isinstance(tree, str) and "\n" not in tree:
        return tree
    return dumped(tree, flow=True).removesuffix("...\n").strip()
