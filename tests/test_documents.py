"""What the documents say is there is there: commands, pages, settings, roles, packages."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import click
import pytest
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings
from sqlalchemy import select

from channels.board.settings import BoardSettings
from channels.line.settings import LineSettings
from channels.web.settings import WebSettings
from core.callers import Role
from core.jobs import Job
from core.settings import Settings
from tests import town as towns
from todoke.command import main

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("kit/*.md")])
FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"`((?:\.venv/bin/)?todoke [^`]+|make [a-z][^`]*)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
CELL = re.compile(r"`([^`]*)`")
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
WARNED = re.compile(r"\blog\.(?:warning|error|exception|critical)\(\s*\"([^\"]+)\"")
OPERATING = ROOT / "docs" / "operating.md"
ADAPTERS = ("line", "web", "board", "card")
SHELLS = {"sh", "console", "terminal"}
PATTERNS = {"auth_app_…"}
"""Rows that lead to a table of their own, below."""

SETTINGS: list[tuple[str, type[BaseSettings]]] = [
    ("operating.md", Settings),
    ("line.md", LineSettings),
    ("web.md", WebSettings),
    ("board.md", BoardSettings),
]


def lines_of(page: Path) -> Iterator[str]:
    """Give every command a page shows, one a line, without its prompt."""
    text = page.read_text(encoding="utf-8")
    for language, block in FENCED.findall(text):
        if language in SHELLS:
            for line in block.replace("\\\n", " ").splitlines():
                yield line.strip().removeprefix("$ ")
    yield from (" ".join(one.split()) for one in QUOTED.findall(FENCED.sub("", text)))


def commands(name: str) -> list[tuple[Path, list[str]]]:
    """Give the commands of one program in all pages, in words."""
    found = []
    for page in PAGES:
        for line in lines_of(page):
            words = shlex.split(line, comments=True)
            if words and words[0].removeprefix(".venv/bin/") == name:
                found.append((page, words[1:]))
    return found


def wrong(words: list[str]) -> str:
    """Say what of a `todoke` command there is not; nothing where it is all there."""
    command: click.Command = main
    context = click.Context(main)
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith(("-", "…")):
        found = command.get_command(context, rest[0])
        if found is None:
            return rest[0]
        command, rest = found, rest[1:]
    known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
    known |= {"-h", "--help", "--version"}
    given = [word.split("=")[0] for word in rest if word.startswith("--")]
    return " ".join(option for option in given if option not in known)


def test_every_todoke_command_of_the_documents_exists_with_its_options() -> None:
    shown = commands("todoke")
    assert len(shown) > 50
    assert [(page.name, words, wrong(words)) for page, words in shown if wrong(words)] == []


def test_every_make_target_of_the_documents_exists() -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    shown = commands("make")
    assert len(shown) > 10
    assert [(page.name, words) for page, words in shown if words[0] not in targets] == []


def anchors(page: Path) -> set[str]:
    """Give the anchors of a page's headings, as GitHub makes them."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ +(.*)$", text, re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title) for title in titles)
    made: set[str] = set()
    for title in plain:
        slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        made.add(slug if slug not in made else f"{slug}-1")
    return made


def test_every_link_between_documents_leads_somewhere() -> None:
    dead = []
    for page in PAGES:
        text = FENCED.sub("", page.read_text(encoding="utf-8"))
        for link in LINK.findall(text):
            if "://" in link or link.startswith("mailto:"):
                continue
            path, _, anchor = unquote(link).partition("#")
            target = (page.parent / path) if path else page
            if not target.exists() or (anchor and anchor not in anchors(target)):
                dead.append((page.name, link))
    assert dead == []


def test_both_readmes_lead_to_the_same_documents() -> None:
    japanese, english = (
        {link.replace(".ja.md", ".md") for link in LINK.findall(page.read_text(encoding="utf-8"))}
        for page in (ROOT / "README.ja.md", ROOT / "README.md")
    )
    pages = {f"docs/{page.name}" for page in ROOT.glob("docs/*.md")}
    assert japanese == english
    assert {page for page in pages if not page.endswith(".ja.md")} <= english


def test_every_picture_is_shown_somewhere() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    pictures = [one.name for one in (ROOT / "docs" / "images").iterdir()]
    assert [name for name in pictures if f"images/{name}" not in text] == []


def rows(page: Path, heading: str) -> list[list[str]]:
    """Give the rows of every table whose first title is the heading, cell by cell."""
    found, inside = [], False
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not cells:
            inside = False
        elif cells[0] == heading:
            inside = True
        elif inside and not set(cells[0]) <= set("-: "):
            found.append(cells)
    return found


def first_cells(page: Path, heading: str) -> set[str]:
    """Give the names in the first column of such tables."""
    return {name for cells in rows(page, heading) for name in CELL.findall(cells[0])}


def written(default: object) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default)


@pytest.mark.parametrize(("page", "settings"), SETTINGS)
def test_every_setting_stands_in_its_table_with_its_default(
    page: str, settings: type[BaseSettings]
) -> None:
    told: dict[str, str] = {}
    for name_cell, default_cell, *_ in rows(ROOT / "docs" / page, "Name"):
        names, defaults = CELL.findall(name_cell), CELL.findall(default_cell)
        if set(names) <= PATTERNS:
            continue
        if len(defaults) != len(names):
            defaults = [default_cell] * len(names)
        told |= dict(zip(names, defaults, strict=True))
    fields = settings.model_fields
    assert sorted(told) == sorted(fields)
    for name, said in told.items():
        default = fields[name].get_default(call_default_factory=True, validated_data={})
        if default in (None, "", PydanticUndefined):
            assert said in {"", "empty"}, name
        elif isinstance(default, str | int | float | Path):
            assert said.rstrip("/") == written(default).rstrip("/"), name


def test_every_role_is_told_to_operators() -> None:
    table = rows(OPERATING, "Role")
    assert {name for cells in table for name in CELL.findall(cells[0])} == set(Role) - {
        Role.CHANNEL
    }


async def test_every_job_is_told_to_operators(sqlite_database: str, tmp_path: Path) -> None:
    town = await towns.build(sqlite_database, tmp_path)
    await town.running.jobs.run_due()
    done = await town.read(lambda session: set(session.scalars(select(Job.name))))
    await town.close()
    assert first_cells(OPERATING, "Job") == done


def test_every_warning_of_core_and_adapters_is_explained() -> None:
    told = first_cells(OPERATING, "In the log") | first_cells(ROOT / "docs/line.md", "In the log")
    parts = ("core/**", "channels", *(f"channels/{one}/**" for one in ADAPTERS))
    sources = [one for part in parts for one in ROOT.glob(f"{part}/*.py")]
    logged = {name for one in sources for name in WARNED.findall(one.read_text(encoding="utf-8"))}
    assert len(logged) > 20
    assert sorted(logged - told) == []


@pytest.mark.parametrize("part", ["core", "channels"])
def test_every_package_has_its_room_in_the_architecture(part: str) -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    packages = [one.parent.name for one in (ROOT / part).glob("*/__init__.py")]
    assert [
        name for name in sorted(packages) if not re.search(rf"`(?:{part}/)?{name}`", text)
    ] == []
