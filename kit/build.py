"""Makes the offline kit: a folder of wheels that installs on a machine without network.

    python kit/build.py build/kit

Todoke's wheel asks for gRPC, which the kit leaves out. So the kit's own list of requirements is
what is installed, each by its hash of requirements.lock, and Todoke's wheel after them alone.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).parent
ROOT = HERE.parent
LOCK = ROOT / "requirements.lock"
REQUIREMENTS = "requirements.txt"
SUMS = "SHA256SUMS"
# What the command line itself is made of; the rest of the base is gRPC.
_COMMAND_LINE = "click"


def build(folder: Path) -> None:
    """Make the kit anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    locked = dict(_locked())
    lines = [locked[name] for name in sorted(_needed())]
    (folder / REQUIREMENTS).write_text("".join(lines), encoding="utf-8")
    to = ("--quiet", "--disable-pip-version-check", "--no-deps")
    by_hash = ("--require-hashes", "--only-binary", ":all:", "--requirement")
    _pip("download", *to, "--dest", str(folder), *by_hash, str(folder / REQUIREMENTS))
    _pip("wheel", *to, "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    for name in ("install.sh", "README.md"):
        shutil.copy(HERE / name, folder / name)
    files = sorted(path for path in folder.iterdir() if path.name != SUMS)
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (folder / SUMS).write_text("".join(sums), encoding="utf-8")


def _pip(*args: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", *args], check=True)


def _locked() -> Iterator[tuple[str, str]]:
    """Yield each requirement of the lock by its name, with its hashes."""
    for block in re.split(r"^(?=[a-z0-9])", LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE):
        name = re.match(r"[a-z0-9][a-z0-9.-]*", block)
        if name:
            kept = [line for line in block.splitlines() if not line.lstrip().startswith("#")]
            yield canonicalize_name(name[0]), "\n".join(kept) + "\n"


def _needed() -> set[str]:
    """Return the names of all that the kit imports, and what that needs in turn."""
    waiting = [Requirement(_COMMAND_LINE), *_requirements("todoke", "kit", only_extra=True)]
    found: set[str] = set()
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if name not in found:
            found.add(name)
            for extra in (*one.extras, ""):
                waiting += _requirements(one.name, extra)
    return found


def _requirements(package: str, extra: str, *, only_extra: bool = False) -> Iterator[Requirement]:
    for text in requires(package) or ():
        one = Requirement(text)
        wanted = one.marker is None or one.marker.evaluate({"extra": extra})
        always = one.marker is None or one.marker.evaluate({"extra": ""})
        if wanted and not (only_extra and always):
            yield one


if __name__ == "__main__":
    build(Path(sys.argv[1]))
