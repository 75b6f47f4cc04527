"""The menu at the bottom of a phone's chat."""

from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.simulators.line import people, rich_menus
from channels.simulators.line.phone_api import platform_of


async def menu(request: Request) -> Response:
    """Tell which menu a person sees; `{}` where there is none."""
    platform, person_id = platform_of(request), request.path_params["person_id"]
    await platform.store.read(partial(people.get, id=person_id))
    found = await platform.store.read(partial(rich_menus.menu_of, person_id=person_id))
    return JSONResponse(found or {})


async def picture(request: Request) -> Response:
    platform = platform_of(request)
    id = request.path_params["menu_id"]
    found = await platform.store.read(partial(rich_menus.picture_of, id=id))
    if found is None:
        return Response(status_code=404)
    return Response(found[1], media_type=found[0])
