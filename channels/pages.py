"""What the pages of web and boards have alike: templates, languages, what is wrong with a form."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from channels import linked, wording

HERE = Path(__file__).parent
LANGUAGES = (("ja", "日本語"), ("ja-x-easy", "やさしい日本語"), ("en", "English"))

Problems = Mapping[str, str]
"""What is wrong with a form: words by the field's name; under "" what concerns all of it."""

NO_PROBLEMS: Problems = MappingProxyType({})


def templates(folder: Path) -> Environment:
    """Return the templates of a folder and those that all pages share.

    What is said in them is text, and never markup.
    """
    made = Environment(
        loader=FileSystemLoader([folder, HERE / "templates"]),
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


def leads_to(path: str) -> Response:
    """Send the browser on, so that going back or reloading sends no form again."""
    return RedirectResponse(path, status_code=303)
