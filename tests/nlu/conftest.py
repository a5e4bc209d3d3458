"""What the tests of understanding share: the real lexicons, and a model of a few phrases."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine import assets
from engine.nlu import model as models
from engine.nlu.features import Settings
from engine.nlu.interpreter import Interpreter
from engine.nlu.recognizer import Recognizer
from engine.nlu.training.train import Order, train

PHRASES = """
version: "3.1"
nlu:
  - intent: topup
    examples: |
      - 充话费
      - 给[13812345678](phone)充[五十](money)
      - 帮我充一百块话费
      - 手机充值五十元
      - 我要充钱
      - 充三十
  - intent: query_flight
    examples: |
      - 查航班
      - CA1234几点起飞
      - 明天的航班晚点了吗
      - 国航1234到了没有
      - 航班动态
      - 飞机几点到
  - intent: greet
    examples: |
      - 你好
      - 您好
      - 早上好
      - 在吗
      - 嗨
      - 你好呀
  - intent: out_of_scope
    examples: |
      - 今天天气怎么样
      - 放一首歌
      - 红烧肉怎么做
      - 讲个故事
      - 股票涨了吗
      - 帮我写作文
"""


@pytest.fixture(scope="session")
def now() -> datetime:
    return datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="session")
def recognizer(tmp_path_factory: pytest.TempPathFactory) -> Recognizer:
    cache = tmp_path_factory.mktemp("words")
    return Recognizer(assets.data() / "lexicons", cache=cache)


@pytest.fixture(scope="session")
def phrases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("phrases") / "phrases.yml"
    path.write_text(PHRASES, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def order(phrases: Path, now: datetime) -> Order:
    return Order([phrases], settings=Settings(), seed=7, command="banli train", now=now)


@pytest.fixture(scope="session")
def small_model(
    order: Order, recognizer: Recognizer, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of a model of the few phrases above."""
    folder = tmp_path_factory.mktemp("model")
    trained = train(order, recognizer=recognizer)
    models.save(trained.model, trained.card, folder)
    return folder


@pytest.fixture(scope="session")
def interpreter(recognizer: Recognizer) -> Interpreter:
    """The model that is shipped."""
    return Interpreter(models.load(assets.models() / "nlu"), recognizer)
