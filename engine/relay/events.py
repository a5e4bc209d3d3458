"""What customers do besides writing, as the events that accounts hear of.

The names and elements are those of the platform's page on event pushes.
"""

from __future__ import annotations

from engine.relay.content import Content
from engine.relay.xml import Value

#: Prefix of the scene in the event of somebody who follows by scanning.
SCENE = "qrscene_"


def subscribe(title: str, *, scene: str = "", ticket: str = "") -> Content:
    """An account with this title is followed, perhaps by a QR code with a scene."""
    key = SCENE + scene if ticket else ""
    return _event("subscribe", key, ticket=ticket, text=f"你已关注「{title}」")


def unsubscribe() -> Content:
    """An account is followed no longer."""
    return _event("unsubscribe")


def scan(scene: str, ticket: str) -> Content:
    """A follower scans one of the account's codes."""
    return _event("SCAN", scene, ticket=ticket, text="扫描了二维码")


def click(key: str, name: str) -> Content:
    """A menu entry is tapped."""
    return _event("CLICK", key, text=name)


def view(url: str, *, menu: int) -> Content:
    """A menu entry has opened a page."""
    return _event("VIEW", url, more={"MenuId": str(menu)})


def view_miniprogram(page: str, *, menu: int) -> Content:
    """A menu entry has opened a mini program."""
    return _event("view_miniprogram", page, more={"MenuId": str(menu)})


def scancode(kind: str, key: str, name: str, *, result: str) -> Content:
    """A menu entry has scanned a code; `kind` is `scancode_push` or `scancode_waitmsg`."""
    info = {"ScanType": "qrcode", "ScanResult": result}
    return _event(kind, key, text=name, more={"ScanCodeInfo": info})


def pictures(kind: str, key: str, *, md5: str) -> Content:
    """A menu entry has taken a picture, which follows as a message."""
    listed = {"Count": 1, "PicList": {"item": [{"PicMd5Sum": md5}]}}
    return _event(kind, key, more={"SendPicsInfo": listed})


def location_select(
    key: str, *, latitude: float, longitude: float, scale: int, label: str
) -> Content:
    """A menu entry has chosen a place, which follows as a message."""
    place = {
        "Location_X": str(latitude),
        "Location_Y": str(longitude),
        "Scale": str(scale),
        "Label": label,
        "Poiname": "",
    }
    return _event("location_select", key, more={"SendLocationInfo": place})


def position(latitude: float, longitude: float, precision: float) -> Content:
    """Where a customer is who has opened the chat."""
    told = {"Latitude": latitude, "Longitude": longitude, "Precision": precision}
    return Content("event", event="LOCATION", fields=dict(told))


def template_sent(msg_id: int, status: str = "success") -> Content:
    """What became of a template message."""
    return Content(
        "event", event="TEMPLATESENDJOBFINISH", fields={"MsgID": msg_id, "Status": status}
    )


def _event(
    name: str,
    key: str = "",
    *,
    ticket: str = "",
    text: str = "",
    more: dict[str, Value] | None = None,
) -> Content:
    fields: dict[str, Value] = {"EventKey": key}
    if ticket:
        fields["Ticket"] = ticket
    return Content("event", event=name, text=text, fields=fields | (more or {}))
