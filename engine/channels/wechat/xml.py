"""The XML of the protocol: flat fields under one `<xml>` element, strings in CDATA."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from engine.channels.wechat.errors import Malformed

#: What XML 1.0 cannot carry even in CDATA; a phone shows nothing for them either.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


#: Levels of elements, the root among them. The platform's deepest message has five.
_DEEPEST = 8


class Fields:
    """The named fields of one element; names are case-sensitive."""

    __slots__ = ("_element",)

    def __init__(self, element: Element) -> None:
        self._element = element

    def text(self, name: str) -> str:
        """The words of a field, empty when it is absent or empty; ``outer/inner`` looks inside."""
        return self._element.findtext(name) or ""

    def required(self, name: str) -> str:
        """The words of a field that a message cannot do without; raises `Malformed`."""
        text = self.text(name).strip()
        if not text:
            raise Malformed(f"{name} is missing")
        return text

    def has(self, name: str) -> bool:
        """Whether the field is there, be it empty."""
        return self._element.find(name) is not None


def parse(body: bytes) -> Fields:
    """Read a body in UTF-8. DOCTYPE, entities and broken XML raise `Malformed`."""
    try:
        root = fromstring(body.decode("utf-8-sig").strip(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Malformed(f"not XML of the protocol: {type(error).__name__}") from None
    if root.tag != "xml":
        raise Malformed("the root element is not <xml>")
    if _is_deeper(root, _DEEPEST):
        raise Malformed("elements are nested too deeply")
    return Fields(root)


def _is_deeper(root: Element, levels: int) -> bool:
    # Level by level: the depth of a stranger's tree is no depth for a recursion.
    level = [root]
    for _ in range(levels):
        level = [child for element in level for child in element]
    return bool(level)


def cdata(text: str) -> str:
    """Words as character data that nothing inside them can end."""
    safe = _UNPRINTABLE.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{safe}]]>"
