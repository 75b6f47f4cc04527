"""What the pages of web and boards are made with: templates, and the languages they are in."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request

from channels import linked, wording

LANGUAGES = (("ja", "日本語"), ("ja-x-easy", "やさしい日本語"), ("en", "English"))


def templates(folder: Path) -> Environment:
    """Return the templates of a folder; what is said in them is text, and never markup."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(),
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters["linked"] = linked.parts
    return made


def spoken_by(request: Request, chosen: str) -> str:
    """Choose the language: as chosen here, else the browser's where it is not Japanese."""
    if chosen:
        return chosen
    first = request.headers.get("accept-language", "").partition(",")[0].partition(";")[0]
    return wording.spoken(first.strip())
