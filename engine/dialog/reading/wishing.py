"""What is wanted or refused by its name, whatever is asked: 不买全险, 「全险不要了」."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.dialog.reading import oneself
from engine.dialog.reading.asked import asked_by
from engine.dialog.reading.echoing import echoed
from engine.dialog.reading.thresholds import comes_to
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Task
from engine.dialog.wording.lexicon import also_called, either, lexicon
from engine.nlu.parse import Entity

#: What is asked for, by its verb, and how the verb is denied.
_NEGATED = {
    "已": ("未", "没"),
    "有": ("没有", "没", "无"),
    "带": ("不带", "没带"),
    "能": ("不能", "没法"),
    "会": ("不会",),
    "是": ("不是", "非"),
}
#: What leads to such an answer: 还能用, 五楼有电梯.
_LED = re.compile(r"(?:还|都|也|就|是|现在|目前|我们?|这里)*(?:[^\W不没未无吗哪几要想]{2,6})?")
_ASKED = re.compile(r"(?P<verb>[已有带能会是])(?P<rest>[\u4e00-\u9fff]{1,6}?)了?吗")
#: What one of several may be, for a yes: 户主, 租客 of 「是户主或租客本人吗」.
_ONE_OF = re.compile(
    r"是(?P<each>[\u4e00-\u9fff]{1,6}(?:(?:或者?|、)[\u4e00-\u9fff]{1,6})+?)(?:本人)?吗"
)
#: The words of a question, with what leads to them and what denies them.
_IN_WORDS = re.compile(
    r"(?:那|就|都|我们?|还是|也|先)*(?P<no>不想|不用|不要|不|别)?(?P<rest>[^\W不没别未]{4,10}?)[的吧了呢啊]*"
)
_QUESTION = re.compile("[^，。？?,；;]+吗")
#: What is offered by a verb: 要寄给您吗, 要上门接送吗.
_OFFERED = r"要(?:帮您|给您|为您)?(?P<verb>[{verbs}])(?=给您|[^\W\d_]{{0,4}}吗)"
#: What ends a question whether that has been done which its slot is called by, and an answer.
_DONE = ("过了", "好了", "完了", "了", "过")
#: Words that ask, where nothing is wished.
_ASKS = re.compile(r"[吗么？?]|多少|什么|怎|哪|几|为啥|(\w)不\1")
_NOT = "(?<![不别没])"
_THIS = re.compile("[这那]")


def wished(text: str, script: Script, task: Task) -> Iterator[tuple[str, Entity]]:
    """For slots with a name: what is wanted, or refused, by it: 「不买全险」, 「儿童座椅不要」.

    A clause may also be what is asked, or that it is not so: 「女，未婚」 of 「已婚吗」. Where the
    same words may be meant for several, they are for the one that is asked for, else the only one
    that is still open.
    """
    asked = script.slots.get(task.asking)
    if asked and asked.if_yes and asked.if_no and (is_so := comes_to(text, asked)) is not None:
        value = asked.if_yes if is_so else asked.if_no
        yield task.asking, Entity("named", value, text, 0, len(text))
        return
    found: dict[tuple[int, int], list[tuple[str, Entity]]] = {}
    for name, said in _wished(text, script):
        found.setdefault((said.start, said.end), []).append((name, said))
    for meant in found.values():
        names = [name for name, _ in meant]
        left = [each for each in meant if each[0] not in task.slots]
        if task.asking in names:
            yield meant[names.index(task.asking)]
        elif len(meant) == 1 or len(left) == 1:
            yield (left or meant)[0]


def _wished(text: str, script: Script) -> Iterator[tuple[str, Entity]]:
    for name, slot in script.slots.items():
        if slot.if_yes and slot.if_no and (told := _told(text, slot) or _verb_alone(text, slot)):
            yield name, told
            continue
        no = slot.if_no or (slot.skip if "text" not in slot.type else "")
        for called in also_called(slot.called) if no else ():
            if value := _wish(text, called, slot, no):
                yield name, value
                break


def _told(text: str, slot: Slot) -> Entity | None:
    forms = {said: value for asked in asked_by(slot) for said, value in _answers(asked, slot)}
    for clause in re.finditer(r"[^，,。；;！!\n ]+", text):
        if oneself.is_asked(slot) and oneself.is_another_sent(clause[0]):
            return Entity("named", slot.if_no, clause[0], *clause.span())
        if value := _in_its_words(clause[0], slot) or echoed(clause[0], slot):
            return Entity("named", value, clause[0], *clause.span())
        longest = sorted(forms, key=len, reverse=True)
        said = next((form for form in longest if _ends(clause[0], form)), "")
        if said:
            start = clause.end() - len(said)
            return Entity("named", forms[said], said, start, clause.end())
    return None


def _in_its_words(clause: str, slot: Slot) -> str:
    """The value for a clause in words of the question, in another order: 「不在园里吃午饭」."""
    said = _IN_WORDS.fullmatch(clause)
    if said is None or _ASKS.search(clause) or not any(name in clause for name in slot.called):
        return ""
    asked = [found[0] for each in asked_by(slot) if (found := _QUESTION.search(each))]
    is_asked = any(set(said["rest"]) <= set(each) for each in asked)
    return (slot.if_no if said["no"] else slot.if_yes) if is_asked else ""


def _ends(clause: str, form: str) -> bool:
    """Whether a clause is no more than this, with what leads to it."""
    return clause.endswith(form) and _LED.fullmatch(clause.removesuffix(form)) is not None


def _verb_alone(text: str, slot: Slot) -> Entity | None:
    """The verb of what is offered, wanted or not: 「不寄了」, 「要寄」 of 「要寄给您吗」."""
    offered = _OFFERED.format(verbs=lexicon().answers.offered)
    for asked in asked_by(slot):
        if (found := re.search(offered, asked)) is None:
            continue
        verb = re.escape(found["verb"])
        # 「不租柜子了」, 「还是补一张吧」, of 要租储物柜吗 and 要补办新卡吗.
        what = either(asked[found.end() :].partition("吗")[0])
        thing = f"(?:[一个张份本套条件台子]|{what}){{0,4}}"
        for value, form in (
            (slot.if_no, f"(?:我|就|还是|那)*(?:先|暂时)?不(?:用|要|想)?{verb}{thing}[了啊]*"),
            (slot.if_yes, f"(?:我|就|还是|那|给我|帮我)*要{verb}{thing}的?"),
            (slot.if_yes, f"(?:还是|那就|那还是){verb}{thing}[了的]?"),
        ):
            if re.fullmatch(form, text.strip(" ，。！!吧")):
                return Entity("named", value, text, 0, len(text))
    return None


def _answers(asked: str, slot: Slot) -> Iterator[tuple[str, str]]:
    """What is asked, as it is said when it is so and when it is not: 已婚, 未婚."""
    for found in _ONE_OF.finditer(asked):
        yield from ((f"是{each}", slot.if_yes) for each in re.split("或者?|、", found["each"]))
    # 「还没备份」 of 「资料备份过了吗」
    for name in (name for name in slot.called if any(f"{name}{d}吗" in asked for d in _DONE)):
        yield from ((name + done, slot.if_yes) for done in _DONE)
        yield from ((f"{no}{name}{end}", slot.if_no) for no in "没未" for end in ("", "过", "好"))
    for found in _ASKED.finditer(asked):
        verb, rest = found["verb"], found["rest"]
        yield verb + rest, slot.if_yes
        # 「有会员」 of 是会员吗.
        yield f"有{rest}", slot.if_yes
        yield from ((no + rest, slot.if_no) for no in {*_NEGATED[verb], *_NEGATED["有"]})


def _verb(called: str, slot: Slot) -> str:
    """The verb of a question beside what it asks about: 租 of 「要租路由器吗」."""
    name = re.escape(called)
    form = re.compile(
        rf"[要用](?P<before>[^\W\d_要不]){name}|{name}要(?P<after>[^\W\d_要不]{{1,2}})吗"
    )
    found = next((each for asked in asked_by(slot) if (each := form.search(asked))), None)
    verb = (found["before"] or found["after"]) if found else "要"
    # 「车位留着」
    return f"(?:{verb}|{verb[-1]})"


def _wish(text: str, called: str, slot: Slot, no: str) -> Entity | None:
    yes, forms = slot.if_yes, _forms(called, slot)
    for clause in re.finditer(r"[^，,。；;！!\n]+", text):
        if _ASKS.search(clause[0]):
            continue
        for value, form in zip((no, yes), forms, strict=True):
            said = re.search(form, clause[0]) if value else None
            # 「不要这个座」 wants another one, and does not go without.
            at = clause[0][: said.end()] if said else ""
            if said and not (value == no and not yes and _THIS.search(at)):
                start = clause.start() + said.start()
                return Entity("named", value, said[0], start, start + len(said[0]))
    return None


def _forms(called: str, slot: Slot) -> tuple[str, str]:
    """How a slot is refused, and how it is wanted, by a name."""
    verb, name, asked = _verb(called, slot), re.escape(called), asked_by(slot)
    no, yes = _refused(name, verb), _wanted(name, verb)
    done = f"要{name[:1]}[^，。？?]*{name[1:]}吗"
    if any(re.search(done, each) for each in asked):
        # 「不换照片」 of 「要换新照片吗」, where the name is what is done.
        no += f"|不{name}"
    if any(re.search(f"有[^，。？?]*{name}", each) for each in asked):
        # 「有验光单」 of 「有半年内的验光单吗」.
        yes += f"|(?<![没要想])有{name}(?=[了的吧啊呢]*$)"
    return no, yes


def _refused(called: str, verb: str) -> str:
    words = lexicon().answers.refused
    before, after = either(words.before), either(words.after)
    return (
        rf"(?:(?:{before})[^\W\d_]{{0,2}}?|不{verb}){called}"
        rf"|{called}(?:就|也|都|我|还是|这个|那个)*(?:(?:{after})|不{verb}"
        r"|不(?![错对是同够好])[^\W\d_]{1,2}了(?=[吧啊]*$))"
    )


def _wanted(called: str, verb: str) -> str:
    words = lexicon().answers.wanted
    before, after = either(words.before), either(words.after)
    return (
        rf"(?:{_NOT}(?:{before})(?:[上个份一]{{1,2}})?|{_NOT}{verb}){called}"
        rf"|{called}(?:也|就|都|我|还是|肯定|必须|帮我|给我)*(?:(?:{after})(?!不)|{verb})"
    )
