"""Making typed data of a YAML document, with errors that name file and line."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.dialog.errors import Problem, ScriptError
from engine.dialog.scripts import schema
from engine.dialog.scripts.near import did_you_mean
from engine.dialog.scripts.yaml_lines import Document

#: What may stand in the place of what does not fit, by pydantic's name for the fault.
_WANTED = {
    "bool_type": "true or false",
    "float_type": "a number, such as 2 or 0.5",
    "int_type": "a whole number",
    "dict_type": "keys with values, indented below it",
    "model_type": "keys with values, indented below it",
    "tuple_type": "a list, such as [a, b], or lines that begin with -",
}

Model = TypeVar("Model", bound=BaseModel)


def validated(document: Document, model: type[Model]) -> Model:
    """The content of a document as a model. Raises `ScriptError` with every problem found."""
    try:
        return model.model_validate({} if document.content is None else document.content)
    except ValidationError as error:
        raise ScriptError([_problem(document, model, found) for found in error.errors()]) from error


def _problem(document: Document, model: type[BaseModel], found: ErrorDetails) -> Problem:
    place, message = found["loc"], found["msg"].removeprefix("Value error, ")
    match found["type"]:
        case "extra_forbidden":
            near = did_you_mean(str(place[-1]), schema.keys_at(model, place[:-1]))
            message = f"is not a known key{near}"
        case "missing":
            message = "is missing"
        case "model_type" if isinstance(found["input"], bool):
            message = _no_text(found["input"])
        case "string_type":
            message = _no_text(found["input"])
        case "string_pattern_mismatch" if place[-1] == "url":
            message = f"must begin with http:// or https://, not {found['input']!r}"
        case kind if wanted := _WANTED.get(kind):
            message = f"is {found['input']!r}, but must be {wanted}"
            message = "is empty" if found["input"] is None else message
    where = ".".join(str(part) for part in place)
    return document.problem(place, f"{where}: {message}" if where else message)


def _no_text(given: object) -> str:
    if given is None:
        return "is empty"
    if isinstance(given, dict):
        return "must be text; put it in quotes if it holds a colon or begins with {"
    if isinstance(given, bool):
        return f"YAML takes this for {str(given).lower()}; text such as yes or no is put in quotes"
    return f"must be text, not {given!r}; put it in quotes"
