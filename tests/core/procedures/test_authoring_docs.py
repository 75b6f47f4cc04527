"""What docs/write-a-procedure.md and what follows it say is so: commands print what is shown."""

import asyncio
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from core.callers import Role, the_core
from core.procedures import yaml_places
from core.procedures.blocks.registry import BLOCKS
from core.procedures.linting import lint
from core.procedures.packages import create_key
from core.procedures.schema import schema, schema_text, tables
from core.staff import actions
from tests import town as towns
from tests.core.procedures.authoring import SWIM
from tests.town import MUNICIPALITY

ROOT = Path(__file__).parents[3]
GUIDE = [
    ROOT / "docs" / name
    for name in ("write-a-procedure.md", "write-a-procedure-further.md", "publish-a-procedure.md")
]
"""In the order in which they are read: each goes on in the folder of the one before."""

REFERENCE = ROOT / "docs" / "procedure-reference.md"
SCHEMA = ROOT / "docs" / "procedure.schema.json"
DRAWN = "<!-- Drawn by `todoke procedure schema --tables`. -->\n"
FILE = re.compile(r"`([a-z_]+\.yaml)`:\n\n```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN = re.compile(r"^```(console|terminal)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LIBRARY = sorted((ROOT / "core" / "procedures" / "library").glob("*.yaml"))
VALIDATOR = jsonschema.Draft202012Validator(schema())
OKAYAMA = "331007"
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Command:
    """A command of the guide, what is typed at it, and what it prints."""

    words: str
    typed: str
    prints: str


Step = tuple[str, str] | Command
"""A file that the guide shows, by its name, or a command."""


def guide() -> Iterator[Step]:
    """Yield the files that the guide shows and the commands that it runs, in its order."""
    text = "".join(page.read_text(encoding="utf-8") for page in GUIDE)
    found = [*FILE.finditer(text), *RUN.finditer(text)]
    for match in sorted(found, key=lambda one: one.start()):
        if match.re is FILE:
            yield match[1], match[2]
            continue
        for command in re.split(r"^\$ ", match[2], flags=re.MULTILINE)[1:]:
            words, _, prints = command.partition("\n")
            typed = "".join(f"{line}\n" for line in re.findall(r"^> (.*)$", prints, re.MULTILINE))
            if match[1] == "terminal":
                words += " --ask"
            yield Command(words, typed, prints)


async def run(steps: Sequence[Step], folder: Path, environment: dict[str, str]) -> list[Any]:
    """Return what each command prints and ends with, run beside this process, where the core is."""
    told = [
        {"words": one.words, "typed": one.typed}
        if isinstance(one, Command)
        else {"file": one[0], "text": one[1]}
        for one in steps
    ]
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(__file__).with_name("desk.py")),
        cwd=folder, env={**os.environ, **environment, "PYTHONPATH": f"{ROOT}:{ROOT / 'proto'}"},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate(json.dumps(told).encode())
    return json.loads(out)


def looks_like(shown: str, printed: str) -> bool:
    """Whether it prints what is shown: "…" stands for anything."""
    pattern = ".*".join(re.escape(part) for part in shown.strip().split("…"))
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


async def test_each_command_of_the_guide_prints_what_it_shows(
    sqlite_database: str, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "password.txt").write_text(PASSWORD + "\n", encoding="utf-8")
    keys = {code: tmp_path / code for code in (MUNICIPALITY, OKAYAMA)}
    publishers = {code: create_key(path) for code, path in keys.items()}
    town = await towns.build(
        sqlite_database, tmp_path, procedure_keys=keys, procedure_publishers=publishers
    )
    environment = {
        "TODOKE_DATABASE": sqlite_database,
        "TODOKE_KEYS": str(town.settings.keys),
        "TODOKE_CORE": town.address,
        "TODOKE_MUNICIPALITY": MUNICIPALITY,
        "TODOKE_PASSWORD_FILE": "password.txt",
    }
    try:
        await town.found(OKAYAMA, "岡山市")
        await towns_author(town, "oka", OKAYAMA)
        steps = list(guide())
        printed = await run(steps, folder, environment)
    finally:
        await town.close()
    commands = [one for one in steps if isinstance(one, Command)]
    assert len(commands) > 20
    for command, result in zip(commands, printed, strict=True):
        assert looks_like(command.prints, result["output"]), f"$ {command.words}\n{result}"
        assert result["code"] in {0, 1}


async def towns_author(town: towns.Town, name: str, municipality: str) -> None:
    """Add somebody who writes procedures and signs in with the password."""
    create = partial(
        actions.create_staff, by=the_core(municipality), name=name, display_name=name,
        password_hash=actions.hashed(PASSWORD), roles=[Role.PROCEDURE_AUTHOR], now=town.clock(),
    )  # fmt: skip
    await town.running.db.write(create)


def test_the_reference_and_the_schema_are_those_of_the_code() -> None:
    assert REFERENCE.read_text(encoding="utf-8").partition(DRAWN)[2] == "\n" + tables()
    assert SCHEMA.read_text(encoding="utf-8") == schema_text()


def test_every_key_is_described_and_every_function_told() -> None:
    parts = {"": schema(), **schema()["$defs"]}
    silent = [
        f"{name}.{key}"
        for name, part in parts.items()
        for key, one in part.get("properties", {}).items()
        if not one.get("description") and not (name == "StepSource" and key in BLOCKS)
    ]
    assert silent == []
    code = (ROOT / "core" / "procedures" / "expressions.py").read_text(encoding="utf-8")
    text = REFERENCE.read_text(encoding="utf-8")
    functions = re.findall(r'_declared\("(\w+)"', code)
    assert functions
    assert [name for name in functions if f"`{name}(" not in text] == []
    assert [name for name in BLOCKS if f"#### `{name}`" not in text] == []


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.stem)
def test_what_ships_is_as_the_schema_says(file: Path) -> None:
    found = VALIDATOR.iter_errors(yaml_places.read(file.read_text(encoding="utf-8")).value)
    assert [error.message for error in found] == []


@pytest.mark.parametrize(
    ("sound", "faulty"),
    [
        ("key: swim\n", "key: Swim\n"),
        ("title: {ja", "titel: {ja"),
        ("{ja: 水泳教室", "{jp: 水泳教室"),
        ("    choice:\n", "    choise:\n"),
        ("    number: {most: 9}", "    number: {most: 9}\n    info:"),
        ("    number: {most: 9}", "    number: {most: many}"),
        ("    number: {most: 9}", "    number: {mots: 9}"),
        ("    number: {most: 9}", "    optional: maybe\n    number: {most: 9}"),
        ("value: adult", "value: Adult"),
        ("values:\n", "values:\n  Fee: '1'\n"),
        ("    ends: review", "    ends: never"),
        ("  - key: how_many\n", "  - keys: how_many\n"),
        ("{ja: どなたが参加しますか。, en", "{fr: Qui, en"),
    ],
)
def test_the_schema_refuses_what_lint_refuses(sound: str, faulty: str) -> None:
    assert sound in SWIM
    source = SWIM.replace(sound, faulty, 1)

    assert VALIDATOR.is_valid(yaml_places.read(SWIM).value)
    assert lint(source).errors
    assert not VALIDATOR.is_valid(yaml_places.read(source).value)


def test_the_schema_is_one_of_its_kind() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))
