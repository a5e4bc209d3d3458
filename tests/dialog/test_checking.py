"""Every slip of a script's writer is found, with its file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine import assets
from engine.business.demo import business as demo
from engine.business.provider import Business
from engine.dialog import checking
from engine.dialog.errors import Problem, ScriptError
from engine.dialog.scripts import loading
from engine.nlu.example import Example

Write = Callable[..., Path]

#: What is written in place of what, § in the line at fault, and the fault.
SLIPS = {
    "one pair of braces": (
        '    ask: "{{ dish }}要几份？"',
        '§    ask: "{ dish }要几份？"',
        "{ dish } is said as it stands; a value stands in {{ dish }}",
    ),
    "a yes without a no": (
        "    skip: 无",
        '    skip: 无\n§    if_yes: "1"',
        "`if_yes` needs `if_no`: both may be answered",
    ),
    "an unknown key": ("    why: 知道", "§    whi: 知道", "not a known key; did you mean `why`"),
    "an unknown key deep below": (
        "offer: near}",
        "ofer: near}",
        "slots.dish.resolve.refused.no_dish.ofer: is not a known key; did you mean `offer`",
    ),
    "a missing key": ("example: 我要订餐\n", "", "example: is missing"),
    "a number for a text": (
        "    skip: 无",
        "§    skip: 0",
        "must be text, not 0; put it in quotes",
    ),
    "a yes for a choice": (
        "    skip: 无",
        "    skip: 无\n  §  choices: [有, no]",
        "YAML takes this for false; text such as yes or no is put in quotes",
    ),
    "a yes for a text": (
        "    skip: 无",
        "§    skip: no",
        "YAML takes this for false; text such as yes or no is put in quotes",
    ),
    "nothing for a text": ("title: 订餐", "§title:", "title: is empty"),
    "an unquoted template": (
        '    ask: "{{ dish }}要几份？"',
        "§    ask: {{ dish }}要几份？",
        "text with {{ … }} or {% … %} must be in quotes",
    ),
    "an unquoted template in a mapping of one line": (
        "      - {when: portions > 9, say: 最多九份。}",
        "§      - {when: portions > 9, say: {{ dish }}最多九份。}",
        "text with {{ … }} or {% … %} must be in quotes",
    ),
    "a tab": ("    skip: 无", "§\tskip: 无", "indent with spaces, there is a tab here"),
    "a key in another column": (
        "    skip: 无",
        "§     skip: 无",
        "is the indentation right?",
    ),
    "only an unquoted template": (
        '    ask: "{{ dish }}要几份？"',
        "§    ask: {{ dish }}",
        "text that begins with { must be in quotes",
    ),
    "an unquoted colon": ("    skip: 无", "§    skip: 无: 有", "text that holds a colon, or"),
    "a key that stands twice": (
        "    skip: 无",
        "    skip: 无\n§    skip: 有",
        "`skip` stands twice",
    ),
    "a query over HTTP that nothing asks": (
        "slots:\n",
        "queries:\n§  free: {url: 'http://x/free', secret: x}\nslots:\n",
        "nothing asks the query `free`",
    ),
    "a misspelled query over HTTP": (
        "      query: canteen.find",
        "§      query: fre",
        "the business has no query `fre`",
    ),
    "a condition that nothing makes true": (
        "      - {when: portions > 9,",
        "§      - {when: 9 > 10,",
        "when: is never true, for it depends on nothing",
    ),
    "a condition that is always true": (
        "    default: member.phone",
        "§    when: 1 == 1\n    default: member.phone",
        "when: is always true",
    ),
    "a value that no choice has": (
        "    skip: 无",
        "    skip: 无\n  size: {ask: 多大？, choices: [大, 小]}\n  ice:\n    type: text\n"
        "    ask: 冰？\n§    when: size == '中'",
        "`size` is never '中'",
    ),
    "a table with a label in place of a value": (
        "    skip: 无",
        "    skip: 无\n  size:\n    ask: 多大？\n    choices: [{value: L, label: 大}, 小]\n  ice:\n"
        "    type: text\n§    ask: \"{% set sums = {'大': 3} %}{{ sums[size] }} 元，冰？\"",
        "`size` is never '大'; did you mean `L`?",
    ),
    "a choice behind an equal one": (
        "    skip: 无",
        "    skip: 无\n  size:\n    ask: 多大？\n    choices:\n      - 大\n§      - 大",
        "a choice above has the label '大': this one is never taken",
    ),
    "an effect without a confirmation": ('confirm: "', 'opening: "', "an effect needs `confirm`"),
    "a query and an effect": (
        "  effect: canteen.order",
        "  effect: canteen.order\n  query: canteen.dishes",
        "answer: has more than one of query, effect, http and faq",
    ),
    "a notice that is left and has no words": (
        "  effect: canteen.order",
        "§  notify: [{notice: redy}]\n  effect: canteen.order",
        "no script has a notice `redy` under `notices`",
    ),
    "a notice without a fact for its words": (
        "answer:\n  effect: canteen.order",
        "notices: {ready: '{{ dish }}好了'}\nanswer:\n  notify:\n§  - notice: ready\n"
        "  effect: canteen.order",
        "facts: gives no `dish`, which the words of `ready` use",
    ),
    "minutes before no time": (
        "answer:\n  effect: canteen.order",
        "notices: {ready: 好了}\nanswer:\n  notify:\n  - notice: ready\n§    before: 5\n"
        "  effect: canteen.order",
        "before: needs `at`",
    ),
    "what nothing tells is followed": (
        "answer:\n  effect: canteen.order",
        "notices: {ready: 好了}\nanswer:\n§  follow: {ready: result.order_no}\n"
        "  effect: canteen.order",
        "follow: `ready` has no `event`, so nothing ever tells it",
    ),
    "an event that nobody follows": (
        "answer:\n  effect: canteen.order",
        "notices:\n  ready:\n    say: 好了\n§    event: {secret: canteen, about: order_no}\n"
        "answer:\n  effect: canteen.order",
        "nobody is ever told `ready`: no answer has it under `follow`",
    ),
    "a Chinese colon": ("title: 订餐", "§title：订餐", "a key ends with `:` and a space"),
    "a key without a space": ("title: 订餐", "§title:订餐", "a key ends with `:` and a space"),
    "a template that is not closed": (
        'ask: "{{ dish }}要几份？"',
        '§ask: "{{ dish }要几份？"',
        "is every {{ … }} and {% … %} closed?",
    ),
    "an = for ==": (
        "    default: member.phone",
        "    default: member.phone\n§    when: portions = 3",
        "To compare is `==`",
    ),
    "text for a list": (
        "    skip: 无",
        "    skip: 无\n  size:\n    ask: 多大？\n§    choices: 大, 小",
        "is '大, 小', but must be a list",
    ),
    "a slot that is empty": ("    skip: 无", "    skip: 无\n§  size:", "slots.size: is empty"),
    "an address without a scheme": (
        "slots:\n",
        "queries:\n§  free: {url: 'x/free', secret: x}\nslots:\n",
        "must begin with http:// or https://, not 'x/free'",
    ),
    "what the effect uses is never asked for": (
        "    ask: 留个手机号？\n    default: member.phone\n",
        "",
        "give it `ask`, or a `default`",
    ),
    "an unknown query": (
        "      query: canteen.find",
        "§      query: canteen.fnd",
        "the business has no query `canteen.fnd`; did you mean `canteen.find`?",
    ),
    "an effect called as a query": (
        "      query: canteen.find",
        "§      query: canteen.order",
        "has no query `canteen.order`; it is an effect",
    ),
    "an unknown effect": (
        "  effect: canteen.order",
        "§  effect: canteen.oder",
        "has no effect `canteen.oder`; did you mean `canteen.order`?",
    ),
    "an unknown argument": (
        "      with: {dish: said}",
        "      with:\n        dish: said\n§        dihs: said",
        "canteen.find takes no argument `dihs`",
    ),
    "a missing argument": (
        "      query: canteen.find\n      with: {dish: said}",
        "§      query: canteen.find",
        "canteen.find needs the argument `dish`",
    ),
    "an unknown type": (
        "    type: number",
        "§    type: nubmer",
        "portions: there is no type `nubmer`; did you mean `number`?",
    ),
    "a type that is like none": (
        "    type: number",
        "§    type: address",
        "portions: there is no type `address`; there are airline, airport, city, date,",
    ),
    "an unknown name": (
        '    ask: "{{ dish }}要几份？"',
        '§    ask: "{{ dsh }}要几份？"',
        "ask: nothing is called `dsh` here; did you mean `dish`?",
    ),
    "an unknown name in an expression": (
        "    default: member.phone",
        "§    default: membr.phone",
        "default: nothing is called `membr` here; did you mean `member`?",
    ),
    "a result where there is none yet": (
        "    skip: 无",
        "    skip: 无\n§    why: 共 {{ result.total }}",
        "why: nothing is called `result` here",
    ),
    "a note with a name that is not there": (
        "    skip: 无",
        '    skip: 无\n§    noted: "{{ sad }}"',
        "noted: nothing is called `sad` here; did you mean `said`?",
    ),
    "a slot that is not filled yet": (
        '    ask: "{{ dish }}要几份？"',
        '§    ask: "{{ note }}要几份？"',
        "ask: `note` is not filled yet: it stands below `portions`",
    ),
    "a slot in its own question": (
        '    ask: "{{ dish }}要几份？"',
        '§    ask: "{{ portions }}要几份？"',
        "ask: `portions` is what is being asked for",
    ),
    "a condition that can never be true": (
        "    skip: 无",
        "    skip: 无\n§    when: extra\n  extra: {type: text, ask: 还要什么？}",
        "when: is never true: `extra` is filled after `note`; move `note` below it",
    ),
    "a condition on something further down": (
        "    skip: 无",
        "    skip: 无\n§    when: dish and extra\n  extra: {type: text, ask: 还要什么？}",
        "when: `extra` is not filled yet: it stands below `note`",
    ),
    "a column of a slot without rows": (
        '    ask: "{{ dish }}要几份？"\n',
        '    ask: "{{ dish }}要几份？"\n§    why: 电话 {{ phone.owner }}\n',
        "why: `phone` is not filled yet",
    ),
    "a column that no row gives": (
        "    skip: 无",
        "    skip: 无\n§    why: 电话 {{ phone.owner }}",
        "why: `phone` has no column `owner`",
    ),
    "a template that does not parse": (
        '    ask: "{{ dish }}要几份？"',
        '§    ask: "{% if dish }要几份？"',
        "ask: ",
    ),
    "an expression that does not parse": (
        "    default: member.phone",
        "§    default: member.",
        "default: ",
    ),
    "an unknown filter": (
        "电话 {{ phone|mask }}",
        "电话 {{ phone|maks }}",
        "confirm: there is no filter `maks`; did you mean `mask`?",
    ),
    "a loop without an end": (
        "    skip: 无",
        '    skip: 无\n§    why: "{% for i in range(9) %}啊{% endfor %}"',
        "why: nothing is called `range` here",
    ),
    "a question that is skipped to nothing": (
        "    skip: 无\n",
        '§    skip: ""\n',
        "note: an empty `skip` skips nothing: give a value, such as 无",
    ),
    "a question that nothing answers": (
        "    type: number\n",
        "",
        "portions: is asked for, but has no `type` to answer with",
    ),
    "a slot that nothing fills": (
        "    skip: 无",
        "    skip: 无\n§  extra: {when: dish}",
        "extra: is never filled",
    ),
    "a reason for what is never asked": (
        "    skip: 无",
        "    skip: 无\n§  extra: {type: date, why: 因为}",
        "extra: `why` is never used, for there is no `ask`",
    ),
    "more wordings than tries": (
        "    ask: 留个手机号？",
        "    ask: [一, 二, 三, 四, 五, 六]",
        "phone: only 5 tries are made",
    ),
    "an unknown slot to clear": (
        "clear: dish}",
        "clear: dsh}",
        "there is no slot `dsh` to clear; did you mean `dish`?",
    ),
    "an unknown slot to clear in a question": (
        "offer: near}",
        "offer: near, clear: portion}",
        "there is no slot `portion` to clear; did you mean `portions`?",
    ),
    "an unknown slot to answer also": (
        "    skip: 无",
        "    skip: 无\n§    also: phoen",
        "note: there is no slot `phoen`; did you mean `phone`?",
    ),
    "a value that is not read back": (
        'confirm: "{{ dish }} {{ portions }} 份，电话 {{ phone|mask }}，',
        '§confirm: "{{ dish }} {{ portions }} 份，',
        "confirm: does not read back `phone`, which the effect uses",
    ),
    "a slot with a name that is taken": (
        "    skip: 无",
        "    skip: 无\n§  result: {type: date}",
        "slot `result`: in texts this name stands for something else; take another name",
    ),
    "a slot with the name of a question of the dialog's own": (
        "    skip: 无",
        "    skip: 无\n§  stop: {type: date}",
        "slot `stop`: the dialog has a question of this name itself; take another name",
    ),
    "a slot with a word of the templates for its name": (
        "    skip: 无",
        "    skip: 无\n§  self: {type: date}",
        "slot `self`: this is a word of the language of expressions; take another name",
    ),
    "a slot with a name that no text could use": (
        "    skip: 无",
        "    skip: 无\n§  the-date: {type: date}",
        "slot `the-date`: a name is letters, digits and _",
    ),
    "an unknown script that undoes": (
        "intent: order",
        "intent: order\n§undo: menue",
        "there is no script `menue`; did you mean `menu`?",
    ),
    "an intent that is an act": (
        "intent: order",
        "§intent: cancel",
        "`cancel` is a dialog act",
    ),
    "an unknown picture": (
        "    skip: 无",
        "    skip: 无\n§    picture: {kind: seatmap, model: dish}",
        "there is no picture `seatmap`; did you mean `seat_map`?",
    ),
    "a picture that lacks what it shows": (
        "    skip: 无",
        """    skip: 无\n§    picture: {kind: receipt, model: '{"title": "x", "items": {}}'}""",
        "a `receipt` shows `code`, which the model lacks",
    ),
    "a picture of what it does not show": (
        "    skip: 无",
        "    skip: 无\n§    picture: {kind: receipt, model: "
        """'{"title": "x", "items": {}, "code": "1", "amout": "2"}'}""",
        "a `receipt` has no `amout`; did you mean `amount`?",
    ),
    "a picture of nothing": (
        "    skip: 无",
        "    skip: 无\n§    picture: {kind: seat_map}",
        "the picture needs a `query` or a `model`",
    ),
    "a list for a script": ("intent: order\n", "- order\n", "not YAML"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_found_with_its_line(
    slip: str, order: str, menu: str, folder: Write, kitchen: Any
) -> None:
    before, after, fault = SLIPS[slip]
    assert before in order
    marked = order.replace(before, after, 1)
    line = next((n for n, text in enumerate(marked.splitlines(), 1) if "§" in text), None)
    found = problems(folder(order=marked.replace("§", ""), menu=menu), kitchen)
    assert len(found) == 1, found
    assert fault in found[0].message
    assert found[0].file.name == "order.yaml"
    assert found[0].line > 0
    assert line in (None, found[0].line)


def problems(folder: Path, kitchen: Any) -> list[Problem]:
    """What `check` or the loading before it finds."""
    try:
        return checking.check(loading.load(folder), kitchen.business())
    except ScriptError as error:
        return error.problems


def test_scripts_without_a_slip_have_no_problems(
    order: str, menu: str, folder: Write, kitchen: Any
) -> None:
    assert problems(folder(order=order, menu=menu), kitchen) == []


def test_every_problem_of_every_file_is_found_at_once(
    order: str, menu: str, folder: Write, kitchen: Any
) -> None:
    wrong = folder(
        order=order.replace("title:", "titel:"), menu=menu.replace("example:", "exampel:")
    )
    found = problems(wrong, kitchen)
    assert [(p.file.name, p.line) for p in found] == [
        ("menu.yaml", 1),
        ("menu.yaml", 3),
        ("order.yaml", 1),
        ("order.yaml", 2),
    ]


def test_choices_that_nobody_asks_for_are_filled_by_their_labels(tmp_path: Path) -> None:
    folder = tmp_path / "labels"
    folder.mkdir()
    (folder / "find.yaml").write_text(
        "intent: find\ntitle: 查件\nexample: 查件\nslots:\n  state: {choices: [派送中, 已签收]}\n"
        'answer: {say: "{{ state }}"}\n',
        "utf-8",
    )
    assert [*checking.check(loading.load(folder), Business("none"))] == []


def test_what_is_never_used_in_an_answer_is_named(menu: str, folder: Write, kitchen: Any) -> None:
    script = menu.replace("  query: canteen.dishes\n  with: {date: date}\n", "").replace(
        '  say: "{% for dish in rows %}{{ dish.dish }}{{ dish.price }}元 {% endfor %}"',
        "  say: 没有菜\n  refused: {gone: 没了}\nconfirm: 好吗？",
    )
    messages = [problem.message for problem in problems(folder(menu=script), kitchen)]
    assert messages == [
        "is never used: the answer asks nothing of the business",
        "is never said: the answer changes nothing",
    ]


@pytest.mark.parametrize(("key", "fault"), [("intent", "same intent"), ("title", "same title")])
def test_two_scripts_of_one_name_are_told_apart(
    order: str, folder: Write, kitchen: Any, key: str, fault: str
) -> None:
    other = "title" if key == "intent" else "intent"
    twin = "\n".join(
        f"{other}: another" if line.startswith(other) else line for line in order.splitlines()
    )
    (found,) = problems(folder(a=order, b=twin), kitchen)
    assert found.file.name == "b.yaml"
    assert f"a.yaml has the {fault}" in found.message


def test_an_intent_without_phrases_is_a_warning_that_keeps_nothing_from_running(
    order: str, menu: str, folder: Write, kitchen: Any
) -> None:
    scripts = loading.load(folder(order=order, menu=menu))
    (found,) = checking.check(
        scripts, kitchen.business(), examples=[Example("我要订餐", "order", (), Path("p.yml"), 1)]
    )
    assert found.is_warning
    assert str(found).endswith("menu.yaml:1: warning: " + found.message)
    checking.demand(scripts, kitchen.business())


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="holds no scripts"):
        loading.load(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "- a\n",
        "text",
        "&a [*a]",
        "a: !!python/object:os.system {}\n",
        "a: \x00",
        "a: 2026-13-45",
    ],
)
def test_a_file_that_is_no_script_is_named(folder: Write, kitchen: Any, content: str) -> None:
    found = problems(folder(broken=content), kitchen)
    assert found
    assert {problem.file.name for problem in found} == {"broken.yaml"}


def test_a_missing_phrase_names_the_file(menu: str, folder: Write, kitchen: Any) -> None:
    own = shipped_phrases().replace("welcome:", "wellcome:")
    found = problems(folder(menu=menu, phrases=own), kitchen)
    assert {problem.file.name for problem in found} == {"phrases.yaml"}
    assert [problem.message for problem in found] == [
        "welcome: is missing",
        "wellcome: is not a known key; did you mean `welcome`?",
    ]


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("{{ title }}不办了", "{{ titel }}不办了", "cancelled: nothing is called `titel` here"),
        ("好的，从头开始。", "'{{ now'", "restarted: "),
        ("  default: 这个", "  defualt: 这个", "problems: `default` is missing"),
    ],
)
def test_a_slip_in_the_phrases_is_found_with_its_line(
    menu: str, folder: Write, kitchen: Any, before: str, after: str, fault: str
) -> None:
    own = shipped_phrases()
    assert before in own
    (found,) = problems(folder(menu=menu, phrases=own.replace(before, after)), kitchen)
    assert fault in found.message
    assert found.file.name == "phrases.yaml"
    assert found.line > 1


def shipped_phrases() -> str:
    """The phrases that travel with the program."""
    return (assets.dialogs() / "phrases.yaml").read_text(encoding="utf-8")


def test_the_scripts_that_travel_with_the_program_have_no_problems() -> None:
    assert checking.check(loading.load(assets.dialogs()), demo) == []


def test_a_phrase_of_two_intents_is_told_where_it_stands(
    order: str, menu: str, folder: Write, kitchen: Any
) -> None:
    scripts = loading.load(folder(order=order, menu=menu))
    phrases = Path("p.yml")
    examples = [
        Example("我要订餐", "order", (), phrases, 1),
        Example("我要订餐！", "menu", (), phrases, 7),
    ]
    (found,) = checking.check(scripts, kitchen.business(), examples=examples)
    assert str(found) == "p.yml:7: 「我要订餐！」 is a phrase of `menu` and of `order` (p.yml:1)"
    assert not found.is_warning


def test_names_that_hold_one_another_are_a_warning(
    order: str, menu: str, folder: Write, kitchen: Any
) -> None:
    longer = menu.replace("intent: menu", "intent: order_list")
    scripts = loading.load(folder(order=order, menu=longer))
    examples = [Example(name, name, (), Path("p.yml"), 1) for name in scripts.by_intent]
    (found,) = checking.check(scripts, kitchen.business(), examples=examples)
    assert found.is_warning
    assert "`order_list` holds the name `order`" in found.message
