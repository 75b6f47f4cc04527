"""Texts to begin from: chosen out of a list, and kept."""

from textual.app import App

from todoke.v1 import campaigns_pb2 as pb
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.dialogs.choose import Choose
from tui.dialogs.note import Note

PAGE = 200
NAME = 64


async def choose_template(
    app: App[None], desk: Desk, use: pb.TemplateUse.ValueType
) -> pb.MessageTemplate | None:
    """Let one of the kept texts be chosen; raise CoreError where they cannot be read."""
    core, words = desk.core, desk.words
    request = pb.ListTemplatesRequest(page_size=PAGE, use=use)
    templates = (await core.ask(core.campaigns.ListTemplates, request)).templates
    if not templates:
        title = words("template.choose")
        await app.push_screen_wait(Note(words, title, words("empty.templates")))
        return None
    choices = [(one.name, one.template_id) for one in templates]
    hint, nothing = words("choose.narrow"), words("choose.nothing")
    dialog = Choose(words("template.choose"), choices, hint=hint, nothing=nothing)
    chosen: str | None = await app.push_screen_wait(dialog)
    return next((one for one in templates if one.template_id == chosen), None)


def ask_keep(desk: Desk, template: pb.MessageTemplate) -> Ask:
    """Ask for the name under which a text is kept."""
    core = desk.core

    async def keep(answers: Answers, request_id: str) -> None:
        template.name = str(answers["template_name"])
        request = pb.SaveTemplateRequest(template=template, request_id=request_id)
        await core.ask(core.campaigns.SaveTemplate, request)

    fields = (Field("template_name", template.name[:NAME], limit=NAME, part="name"),)
    about = desk.words("ask.keep_template.about")
    return Ask(desk.words, "keep_template", keep, about=about, fields=fields)
