"""LINE's rich menu API over HTTP."""

from typing import Any

import aiohttp

from channels.line.rich_menus import MenuRefused

OURS = "todoke-"


class LineMenus:
    """The API, with a session that has the channel's token; pictures go to a host of their own."""

    def __init__(self, http: aiohttp.ClientSession, url: str, data_url: str) -> None:
        self._http = http
        self._url = f"{url}/v2/bot"
        self._data_url = f"{data_url}/v2/bot"

    async def names(self) -> dict[str, str]:
        """Return our finished menus' ids by name: one without its picture is of no use."""
        listed = await self._ask("GET", f"{self._url}/richmenu/list")
        found = {}
        for menu in listed.get("richmenus", []):
            name, id = str(menu.get("name")), str(menu.get("richMenuId"))
            if name.startswith(OURS) and await self._has_picture(id):
                found[name] = id
        return found

    async def create(self, menu: dict[str, Any], picture: bytes) -> str:
        made = await self._ask("POST", f"{self._url}/richmenu", json=menu)
        id = str(made.get("richMenuId"))
        address = f"{self._data_url}/richmenu/{id}/content"
        await self._ask("POST", address, data=picture, headers={"Content-Type": "image/png"})
        return id

    async def make_default(self, id: str) -> None:
        await self._ask("POST", f"{self._url}/user/all/richmenu/{id}")

    async def link(self, person: str, id: str) -> None:
        await self._ask("POST", f"{self._url}/user/{person}/richmenu/{id}")

    async def unlink(self, person: str) -> None:
        await self._ask("DELETE", f"{self._url}/user/{person}/richmenu")

    async def _has_picture(self, id: str) -> bool:
        try:
            address = f"{self._data_url}/richmenu/{id}/content"
            async with self._http.get(address) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError) as lost:
            raise MenuRefused(type(lost).__name__) from lost

    async def _ask(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        """Ask; return what is answered. Raises MenuRefused, without ids of people."""
        try:
            async with self._http.request(method, url, **more) as answer:
                if answer.status >= 300:
                    raise MenuRefused(f"{method} {answer.status}")
                found = await answer.json()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as lost:
            raise MenuRefused(f"{method} {type(lost).__name__}") from lost
        return found if isinstance(found, dict) else {}
