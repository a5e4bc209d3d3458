"""The OpenAPI document of the API for other programs, from the types that read and write it."""

from __future__ import annotations

import functools
from typing import Any

import msgspec

from engine.channels.api.messages import NAME, SAID, Answer, Message

PROBLEM = "application/problem+json"

_PROBLEM = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
_REFUSALS = {
    "400": "no JSON, or not of a message's form",
    "401": "no key, or nobody's",
    "404": "no message under this id",
    "408": "the body did not arrive in time",
    "413": "the body is too large",
    "415": "the body is called neither application/json nor multipart/form-data",
    "422": "the id was used for another message",
    "429": "too fast",
    "500": "it failed and has done nothing: send it again",
}
_REFUSED = ("400", "401", "408", "413", "415", "422", "429")
_TEMPLATE = "#/components/schemas/{name}"


@functools.cache
def document() -> dict[str, Any]:
    """OpenAPI 3.1."""
    _, schemas = msgspec.json.schema_components([Message, Answer], ref_template=_TEMPLATE)
    schemas["Message"]["oneOf"] = [{"required": [name]} for name in SAID]
    key = {"key": {"type": "http", "scheme": "bearer"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "banli", "version": "1"},
        "security": [{"key": []}],
        "paths": {"/v1/messages": {"post": _send()}, "/v1/messages/{id}": {"get": _look()}},
        "components": {
            "securitySchemes": key,
            "schemas": {**schemas, "Problem": _PROBLEM},
        },
    }


def _send() -> dict[str, Any]:
    return {
        "operationId": "send",
        "summary": "Send one message of a customer, or send it again",
        "requestBody": {"required": True, "content": _bodies()},
        "responses": _responses("200", "202", "500", *_REFUSED),
    }


def _bodies() -> dict[str, Any]:
    """JSON, or a form that brings a recording as a file."""
    name = {"type": "string", "pattern": NAME}
    file = {"type": "string", "format": "binary", "minLength": 1}
    form = {
        "type": "object",
        "properties": {"id": name, "customer": name, "voice": file},
        "required": ["id", "customer", "voice"],
        "additionalProperties": False,
    }
    return {"application/json": _schema("Message"), "multipart/form-data": {"schema": form}}


def _look() -> dict[str, Any]:
    name = {"type": "string", "pattern": NAME}
    return {
        "operationId": "look",
        "summary": "Look for the answer to a message",
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": name}],
        "responses": _responses("200", "202", "401", "404", "500"),
    }


def _responses(*statuses: str) -> dict[str, Any]:
    answers = {"200": "the answer", "202": "in work: look again, or send it again"}
    return {
        status: {
            "description": (answers | _REFUSALS)[status],
            "content": {"application/json": _schema("Answer")}
            if status in answers
            else {PROBLEM: _schema("Problem")},
        }
        for status in statuses
    }


def _schema(name: str) -> dict[str, Any]:
    return {"schema": {"$ref": _TEMPLATE.format(name=name)}}
