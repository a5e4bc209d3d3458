"""QR codes that bring a customer along with a scene: whoever scans one starts its business."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from engine.channels.wechat.api import Api
from engine.channels.wechat.errors import ApiUnreachable

#: The longest life of a code that ends.
LONGEST = timedelta(days=30)

#: Characters of a scene.
SCENE = 64

_PICTURE = "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket="


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: ``url`` is what it says, ``picture`` where the platform shows it."""

    url: str
    picture: str


async def create(api: Api, scene: str, *, life: timedelta | None = LONGEST) -> Code:
    """A code for a scene (``/checkin`` starts that business), for a ``life`` or for ever (None).

    Raises `ApiError`, and ValueError for a scene or a life that the platform has no code for.
    """
    answer = await api.call("/cgi-bin/qrcode/create", request(scene, life=life))
    ticket, url = answer.get("ticket"), answer.get("url")
    if not isinstance(ticket, str) or not isinstance(url, str):
        raise ApiUnreachable("the answer holds no ticket")
    return Code(url, f"{_PICTURE}{quote(ticket, safe='')}")


def request(scene: str, *, life: timedelta | None) -> dict[str, Any]:
    """The body of the call. Raises ValueError."""
    if not 1 <= len(scene) <= SCENE:
        raise ValueError(f"a scene has 1 to {SCENE} characters")
    info = {"action_info": {"scene": {"scene_str": scene}}}
    if life is None:
        return {"action_name": "QR_LIMIT_STR_SCENE", **info}
    if not timedelta(seconds=60) <= life <= LONGEST:
        raise ValueError("a code lives for a minute to 30 days, or for ever")
    seconds = int(life.total_seconds())
    return {"expire_seconds": seconds, "action_name": "QR_STR_SCENE", **info}
