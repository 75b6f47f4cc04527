"""Each extra names what its processes import: an adapter installs without the core's libraries."""

import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import grimp
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
OURS = ("core", "channels", "tui", "todoke")
EXTRAS = {
    "core": ["core"],
    "kit": ["core.kit"],
    "line": ["channels.line"],
    "simulators": ["channels.simulators"],
    "tui": ["tui"],
    "web": ["channels.web", "channels.board"],
}


@cache
def imports() -> grimp.ImportGraph:
    return grimp.build_graph(
        *OURS, include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )


def imported(package: str) -> set[str]:
    """Return the libraries that a package imports, itself and through what else is ours."""
    graph, found = imports(), set[str]()
    kit = {"core.kit", *graph.find_descendants("core.kit")} if package == "core" else set[str]()
    seen = {package, *graph.find_descendants(package)} - kit
    todo = list(seen)
    while todo:
        module = todo.pop()
        for name in graph.find_modules_directly_imported_by(module) - seen:
            seen.add(name)
            if name.partition(".")[0] in OURS:
                todo.append(name)
            elif name not in sys.stdlib_module_names:
                found.add(name)
    return found


def brought(names: list[str]) -> set[str]:
    """Return the distributions that requirements bring, with those that they need themselves."""
    found, todo = set[str](), [canonicalize_name(Requirement(one).name) for one in names]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += needed(name)
    return found


def needed(distribution: str) -> Iterator[str]:
    try:
        lines = requires(distribution) or []
    except PackageNotFoundError:
        return
    for line in lines:
        one = Requirement(line)
        if one.marker is None or one.marker.evaluate({"extra": ""}):
            yield canonicalize_name(one.name)


@pytest.mark.parametrize(("extra", "packages"), EXTRAS.items())
def test_an_extra_brings_all_that_its_processes_import(extra: str, packages: list[str]) -> None:
    named = PROJECT["dependencies"] + PROJECT["optional-dependencies"][extra]
    has = brought(named)
    of_library = packages_distributions()

    lacking = {
        library
        for package in packages
        for library in imported(package)
        if not has & {canonicalize_name(one) for one in of_library.get(library, [library])}
    }

    assert lacking - {"buf"} == set()  # Generated beside the contract.


def test_the_demonstration_brings_every_process() -> None:
    [everything] = PROJECT["optional-dependencies"]["demo"]
    named = set(re.findall(r"\w+", everything.partition("[")[2]))
    assert named == EXTRAS.keys() - {"kit"}
