"""The platform's XML: one `<xml>` element, strings in CDATA, integers bare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import ElementTree  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]

from engine.relay.errors import BadAnswer

#: What an element holds: CDATA, a bare number, or elements; a list repeats the element.
Value = str | int | float | dict[str, Any] | list[dict[str, Any]]
Fields = Mapping[str, Value]


def write(fields: Fields) -> str:
    """The document of these fields, in order.

    >>> write({"Content": "a]]>b", "CreateTime": 1})
    '<xml><Content><![CDATA[a]]]]><![CDATA[>b]]></Content><CreateTime>1</CreateTime></xml>'
    """
    return f"<xml>{''.join(_element(name, value) for name, value in fields.items())}</xml>"


def read(document: bytes) -> Element:
    """The root of a provider's answer. Raises `BadAnswer`; entities and DOCTYPEs are refused."""
    try:
        root: Element = ElementTree.fromstring(document, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise BadAnswer(f"not XML: {error or type(error).__name__}") from error
    if root.tag != "xml":
        raise BadAnswer(f"the root element is <{root.tag}>, not <xml>")
    return root


def text(parent: Element, name: str) -> str:
    """The text of a child; names are case-sensitive. Raises `BadAnswer` when it is missing."""
    child = parent.find(name)
    if child is None:
        raise BadAnswer(f"<{name}> is missing in <{parent.tag}>")
    return child.text or ""


def _element(name: str, value: Value) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if isinstance(value, dict):
        return f"<{name}>{''.join(_element(*pair) for pair in value.items())}</{name}>"
    if isinstance(value, int | float):
        return f"<{name}>{value}</{name}>"
    # A CDATA section cannot hold its own end.
    safe = value.replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{safe}]]></{name}>"
