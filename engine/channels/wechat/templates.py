"""Notices in the platform's own forms: template messages and subscription notices.

They reach customers whose reply window is shut; their wording is fixed at the platform and has
named slots.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from engine.settings import Template
from engine.store.outbox import Outgoing

_FACT = re.compile(r"\{(\w+)\}")

_PATHS = {
    "template": "/cgi-bin/message/template/send",
    "subscription": "/cgi-bin/message/subscribe/bizsend",
}


def request(template: Template, row: Outgoing) -> tuple[str, dict[str, Any]]:
    """The path and the body that tell a notice of the outbox."""
    facts = row.facts
    body: dict[str, Any] = {
        "touser": row.openid,
        "template_id": template.id,
        "data": {slot: {"value": filled(value, facts)} for slot, value in template.data.items()},
    }
    if template.kind == "subscription":
        body |= {"page": filled(template.page, facts)} if template.page else {}
    else:
        body |= {"url": filled(template.url, facts)} if template.url else {}
        body["client_msg_id"] = _once(row)
    return _PATHS[template.kind], body


def filled(pattern: str, facts: Mapping[str, Any]) -> str:
    """A pattern with facts in the place of their names; one that is not known is left out."""
    return _FACT.sub(lambda name: str(facts.get(name[1], "")), pattern)


def _once(row: Outgoing) -> str:
    """Equal for every try to tell this row: the platform refuses a second one."""
    told = msgspec.json.encode((row.key, row.notice, row.facts), order="sorted")
    return hashlib.sha256(told).hexdigest()[:32]
