"""One utterance: the context, and everything else."""

from __future__ import annotations

import pytest

from engine.speech.context.grammar import Grammars
from engine.speech.errors import Unheard
from engine.speech.expected import Expected
from engine.speech.heard import Heard
from engine.speech.hearing.listening import CHUNK_BYTES, Listening
from engine.speech.hearing.threads import GivenUp
from tests.speech.hearing.scripted import Scripted, said

SECOND = bytes(32_000)
PHONE = Expected(frozenset({"phone"}))


def listening(engine: Scripted, expected: Expected = PHONE) -> Listening:
    return Listening(engine, Grammars(engine.vocabulary), expected)


def heard(engine: Scripted, expected: Expected = PHONE) -> Heard:
    begun = listening(engine, expected)
    begun.feed(SECOND)
    return begun.finish()


def test_an_open_question_is_decoded_once_without_a_grammar() -> None:
    engine = Scripted(said("我 要 充 值"))
    result = heard(engine, Expected())
    assert (result.text, result.in_context, engine.grammars) == ("我要充值", False, [()])


def test_an_answer_is_heard_in_its_context() -> None:
    engine = Scripted(said("号 的", -20.0), context=[said("好 的", -18.0)])
    result = heard(engine, Expected(frozenset({"yes_no"})))
    assert (result.text, result.in_context) == ("好的", True)


def test_a_digression_is_heard_all_the_same() -> None:
    engine = Scripted(said("先 查 航 班", -30.0), context=[said("三 八 四 九", -70.0)])
    result = heard(engine)
    assert (result.text, result.in_context) == ("先查航班", False)


def test_of_two_strings_of_digits_the_whole_number_is_likelier() -> None:
    short, whole = "幺 三 八 幺 二 三 四 五 六 七", "幺 三 八 幺 二 三 四 五 六 七 七"
    engine = Scripted(context=[said(short, -20.0), said(whole, -24.0)])
    result = heard(engine)
    assert result.text == whole.replace(" ", "")
    assert result.alternatives[0][0] == short.replace(" ", "")


def test_a_whole_number_that_the_sound_does_not_hold_is_not_made_up() -> None:
    short, whole = "幺 三 八 幺 二 三 四 五 六 七", "幺 三 八 幺 二 三 四 五 六 七 七"
    engine = Scripted(context=[said(short, -20.0), said(whole, -60.0)])
    assert heard(engine).text == short.replace(" ", "")


def test_what_is_nearly_as_likely_comes_with_its_own_words() -> None:
    result = heard(Scripted(said("起 床 了", -20.0), said("去 长 安", -21.0)), Expected())
    (other,) = result.others
    assert (result.text, other.text, other.others) == ("起床了", "去长安", ())
    assert [word.text for word in other.words] == ["去", "长", "安"]
    assert other.confidence < result.confidence
    assert other.alternatives == (("起床了", result.confidence),)


def test_what_is_much_less_likely_is_an_alternative_only() -> None:
    result = heard(Scripted(said("起 床 了", -20.0), said("去 长 安", -23.0)), Expected())
    assert ([text for text, _ in result.alternatives], result.others) == (["去长安"], ())


def test_words_come_with_their_times() -> None:
    words = heard(Scripted(said("充 值")), Expected()).words
    assert [(word.text, word.start, word.end) for word in words] == [
        ("充", 0.0, 0.5),
        ("值", 0.5, 1.0),
    ]


@pytest.mark.parametrize("nothing", [[], [said("")], [said("[unk]")]])
def test_sound_without_words_is_unheard(nothing: list[object]) -> None:
    with pytest.raises(Unheard, match=r"1\.00 s"):
        heard(Scripted(*nothing), Expected())  # type: ignore[arg-type]


def test_the_text_so_far_grows_while_the_sound_comes_in() -> None:
    begun = listening(Scripted(said("我 要 c a")), Expected())
    texts = []
    for _ in range(4):
        begun.feed(bytes(1000))
        texts.append(begun.partial())
    assert texts == ["我", "我要", "我要C", "我要CA"]


def test_nobody_waiting_ends_the_work_before_the_next_chunk() -> None:
    engine = Scripted()
    begun = listening(engine)
    with pytest.raises(GivenUp):
        begun.feed(SECOND, stopped=lambda: len(engine.chunks) == 1)
    assert [len(chunk) for chunk in engine.chunks] == [CHUNK_BYTES]


def test_the_second_decoding_can_be_given_up_as_well() -> None:
    engine = Scripted(context=[said("好")])
    begun = listening(engine)
    begun.feed(SECOND)
    before = len(engine.chunks)
    with pytest.raises(GivenUp):
        begun.finish(stopped=lambda: len(engine.chunks) > before)
    assert len(engine.chunks) == before + 1
