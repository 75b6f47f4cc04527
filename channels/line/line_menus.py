"""LINE's rich menu API over HTTP."""

from typing import Any

import aiohttp

from channels.line.rich_menus import Made, MenuRefused

OURS = "todoke-"
REQUEST_ID = "x-line-request-id"


class LineMenus:
    """The API, with a session that has the channel's token; pictures go to a host of their own."""

    def __init__(self, http: aiohttp.ClientSession, url: str, data_url: str) -> None:
        self._http = http
        self._url = f"{url}/v2/bot"
        self._data_url = f"{data_url}/v2/bot"

    async def listed(self) -> list[Made]:
        listed, _ = await self._ask("GET", f"{self._url}/richmenu/list")
        named = [
            (str(menu.get("richMenuId")), str(menu.get("name")))
            for menu in listed.get("richmenus", [])
        ]
        return [
            Made(id, name, await self._has_picture(id))
            for id, name in named
            if name.startswith(OURS)
        ]

    async def create(self, menu: dict[str, Any], picture: bytes) -> str:
        made, _ = await self._ask("POST", f"{self._url}/richmenu", json=menu)
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

    async def replace(self, others: dict[str, str]) -> str:
        """Replace in one request, of which LINE takes three an hour."""
        operations = [
            {"type": "link", "from": old, "to": new} if new else {"type": "unlink", "from": old}
            for old, new in others.items()
        ]
        address = f"{self._url}/richmenu/batch"
        _, request = await self._ask("POST", address, json={"operations": operations})
        return request

    async def is_replaced(self, request: str) -> bool:
        address = f"{self._url}/richmenu/progress/batch"
        found, _ = await self._ask("GET", address, params={"requestId": request})
        if found.get("phase") == "failed":
            raise MenuRefused("LINE could not show everybody another menu")
        return found.get("phase") == "succeeded"

    async def delete(self, id: str) -> None:
        """Delete it; another adapter may have done so."""
        try:
            await self._ask("DELETE", f"{self._url}/richmenu/{id}")
        except MenuRefused as refused:
            if not refused.is_gone:
                raise

    async def _has_picture(self, id: str) -> bool:
        try:
            address = f"{self._data_url}/richmenu/{id}/content"
            async with self._http.get(address) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError) as lost:
            raise MenuRefused(type(lost).__name__) from lost

    async def _ask(self, method: str, url: str, **more: Any) -> tuple[dict[str, Any], str]:
        """Ask; return what is answered, and LINE's id of the request.

        Raises MenuRefused, without ids of people.
        """
        try:
            async with self._http.request(method, url, **more) as answer:
                if answer.status >= 300:
                    is_gone = answer.status == 404
                    raise MenuRefused(f"{method} {answer.status}", is_gone=is_gone)
                found = await answer.json()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as lost:
            raise MenuRefused(f"{method} {type(lost).__name__}") from lost
        body = found if isinstance(found, dict) else {}
        return body, answer.headers.get(REQUEST_ID, "")
