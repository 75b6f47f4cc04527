"""Files for an answer, from a form that carries them; and a name that is signed by typing it."""

import io

import pylopdf_fonts_jp
from PIL import Image, ImageDraw, ImageFont
from starlette.requests import Request
from starlette.responses import Response

from channels.pages import leads_to
from channels.web import answers, conversing, filled, forms, uploads
from channels.web.conversation import application, in_time, speaker
from channels.web.fitting import problem
from channels.web.forms import Form
from channels.web.uploads import MEGABYTE, TooLarge
from todoke.client import CoreError
from todoke.v1 import applications_pb2 as pb
from todoke.v1.procedures_pb2 import Prompt

LETTERS = 64
MOST_LETTERS = 40


@in_time
async def take(request: Request) -> Response:
    """Take files, then the answer that names them; "add" takes files and comes back for more."""
    prompt = await conversing.answered(request)
    if prompt is None:
        return leads_to(f"/a/{application(request)}")
    kind = answers.kind_of(prompt)
    asked = getattr(prompt.input, kind) if kind in {"files", "signature"} else None
    most_bytes = (asked.most_bytes if asked else 0) or uploads.USUAL_BYTES
    try:
        form = await uploads.take(
            request,
            speaker(request),
            application=application(request),
            step=prompt.step,
            most_bytes=most_bytes,
            most=(asked.most if asked else 0) or 1,
        )
        if kind == "signature":
            await _sign(request, prompt, form)
    except TooLarge:
        limit = str(most_bytes // MEGABYTE)
        wrong = problem("wrong.file_too_large", limit=limit)
        return await conversing.ask(request, prompt, filled.from_answer(prompt.current), [wrong])
    except CoreError as error:
        if error.reason != "ATTACHMENT_REFUSED":
            raise
        wrong = conversing.refused(request, error)
        return await conversing.ask(request, prompt, filled.from_answer(prompt.current), [wrong])
    return await conversing.take(request, prompt, form)


async def _sign(request: Request, prompt: Prompt, form: Form) -> None:
    """Draw the name that was typed instead of a signature. Raises CoreError."""
    typed = form.one("typed")[:MOST_LETTERS]
    if not typed or form.get("attachment"):
        return
    header = pb.AttachmentHeader(
        speaker=speaker(request),
        application_id=application(request),
        step=prompt.step,
        file_name="signature.png",
        request_id=forms.repeated(form),
    )
    form["attachment"] = [await uploads.upload(request, header, drawn(typed))]


def drawn(name: str) -> bytes:
    """Write a name as an image."""
    font = ImageFont.truetype(str(pylopdf_fonts_jp.serif_path()), LETTERS)
    width = int(font.getlength(name)) + LETTERS
    image = Image.new("L", (width, LETTERS * 2), 255)
    ImageDraw.Draw(image).text((LETTERS // 2, LETTERS // 3), name, fill=0, font=font)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
