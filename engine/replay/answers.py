"""What stubs of a transcript answer in place of the business."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, model_validator

from engine.replay.expect import Data


class Answer(Data):
    """What a stubbed function answers: a result, a refusal, or nothing: not in time, or never."""

    ok: Any = None
    refused: dict[str, Any] | None = None
    timeout: str | None = None
    crash: Literal[True] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("is one of `ok`, `refused`, `timeout` and `crash`")
        if self.refused is not None and "reason" not in self.refused:
            raise ValueError("`refused` needs a `reason`")
        return self


def _answer(value: Any) -> Any:
    if value == "crash":
        return {"crash": True}
    return {"timeout": ""} if value == "timeout" else value


Answers = tuple[Annotated[Answer, BeforeValidator(_answer)], ...]
