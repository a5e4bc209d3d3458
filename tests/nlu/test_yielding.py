"""A company's own phrases count more than what the program holds for nobody's business."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import assets
from engine.nlu import dataset
from engine.nlu.example import Example
from engine.nlu.parse import OUT_OF_SCOPE
from engine.nlu.recognizer import Recognizer
from engine.nlu.training.yielding import without_contradicted

CLINIC = """\
version: "3.1"
nlu:
  - intent: clinic
    examples: |
      - 挂号
      - 我要挂号
      - 帮我挂个号
      - 挂个外科的号
      - 挂明天的眼科
      - 挂一个专家门诊
      - 能挂下午的号吗
      - 我牙疼挂什么科
      - 想挂个儿科
      - 给孩子挂号
      - 预约医生
      - 请帮我挂后天的骨科
"""


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer(assets.data() / "lexicons")


def refused(examples: list[Example]) -> set[str]:
    return {example.text for example in examples if example.intent == OUT_OF_SCOPE}


def test_what_is_the_companys_own_is_not_taught_as_nobodys(
    tmp_path: Path, recognizer: Recognizer
) -> None:
    (tmp_path / "clinic.yml").write_text(CLINIC, "utf-8")
    phrases = assets.data() / "nlu"
    examples = dataset.read([tmp_path, phrases / "acts", phrases / "out_of_scope.yml"])
    left = refused(without_contradicted(examples, recognizer, seed=0))
    assert {"帮我挂个专家号", "挂个内科的号"} <= refused(examples) - left
    assert {"今天天气怎么样", "帮我订一张去杭州的高铁票"} <= left
    assert len(left) > 0.9 * len(refused(examples))


def test_what_calls_a_person_elsewhere_is_the_business_of_who_wrote_it(
    tmp_path: Path, recognizer: Recognizer
) -> None:
    phrases = {"complain": "我要反映问题", "clinic": "挂号", "other": "算了"}
    files = [
        f"  - intent: {name}\n    examples: |\n      - {text}" for name, text in phrases.items()
    ]
    own = "\n".join(["version: '3.1'", "nlu:", *files, ""])
    (tmp_path / "own.yml").write_text(own, "utf-8")
    examples = dataset.read([tmp_path, assets.data() / "nlu" / "acts"])
    left = [(e.intent, e.text) for e in without_contradicted(examples, recognizer, seed=0)]
    assert ("complain", "我要反映问题") in left
    assert ("handoff", "我要反映问题") not in left
    assert ("cancel", "算了") in left


def test_the_programs_own_phrases_stay_as_they_are(recognizer: Recognizer) -> None:
    examples = dataset.read([assets.data() / "nlu"])
    assert without_contradicted(examples, recognizer, seed=0) == examples
