"""A model small enough to be decoded by hand: some thirty words, a random network, n-grams."""

from __future__ import annotations

import numpy as np

from engine.speech.export.grammar_graph import grammar_graph
from engine.speech.export.network import Affine, Block, Network, Norm
from engine.speech.export.parts import How, Parts
from engine.speech.export.word_tree import Pronunciation, WordTree, pronunciations
from engine.speech.language.ngrams import BEGIN, END, NEVER, NGrams
from engine.speech.lexicon.lexicon import Lexicon
from engine.speech.units import PHONES

_WORDS = """
零 ling|一 yi|一 yao|二 er|三 san|四 si|五 wu|六 liu|七 qi|八 ba|九 jiu|十 shi|是 shi|到 dao
北京 bei jing|背景 bei jing|上海 shang hai|广州 guang zhou|西安 xi an|重庆 chong qing
航班 hang ban|改签 gai qian|值机 zhi ji|充值 chong zhi|话费 hua fei|流量 liu liang
妈妈 ma ma|阿姨 a yi|啊 a|明天 ming tian|后天 hou tian|手机 shou ji
"""


def lexicon() -> Lexicon:
    found: Lexicon = {}
    for entry in _WORDS.replace("\n", "|").strip("|").split("|"):
        word, *syllables = entry.split()
        found.setdefault(word, {})[tuple(syllables)] = 1.0
    return {word: dict.fromkeys(said, 1 / len(said)) for word, said in found.items()}


def spoken() -> list[Pronunciation]:
    return list(pronunciations(lexicon()))


def ngrams() -> NGrams:
    """Trigrams that back off, some of which have words that the lexicon has not."""
    words = sorted(lexicon())
    single = {(word,): (-1.2 - at / 50, -0.3 if at % 3 else 0.0) for at, word in enumerate(words)}
    single |= {(BEGIN,): (NEVER, -0.4), (END,): (-1.0, 0.0), ("没有",): (-1.0, -0.1)}
    pairs = {
        pair: (-0.2 - at / 40, -0.2)
        for at, pair in enumerate(zip(words, words[1:] + words[:1], strict=True))
    }
    pairs |= {
        (BEGIN, "改签"): (-0.5, -0.1),
        ("航班", END): (-0.3, 0.0),
        ("一", "没有"): (-0.1, 0.0),
    }
    triples = {
        (BEGIN, "改签", "航班"): (-0.1, 0.0),
        ("没有", "一", "二"): (-0.1, 0.0),
        (*min(pairs, key=lambda pair: pairs[pair][0]), "到"): (-0.3, 0.0),
    }
    return NGrams([single, pairs, triples])


def network(seed: int = 0, hidden: int = 24, sharpness: float = 1.0) -> Network:
    """Random, but sure of itself: flat outputs would make a search keep everything."""
    generator = np.random.default_rng(seed)

    def some(*shape: int) -> np.ndarray:
        spread = 1.5 / np.sqrt(shape[-1]) if len(shape) > 1 else 0.1
        return generator.normal(0, spread, shape).astype(np.float32)

    def norm() -> Norm:
        return Norm(some(hidden) + np.float32(0.3), 0.5 + some(hidden) ** 2, 1e-5)

    def block(dilation: int) -> Block:
        apart = 3 * dilation
        narrow = Affine(some(8, 2 * hidden), np.zeros(0, np.float32), (-apart, 0))
        return Block(narrow, Affine(some(hidden, 16), some(hidden), (0, apart)), norm())

    bias = some(len(PHONES))
    bias[0] += np.float32(1.0)
    return Network(
        usual=some(40) * 20,
        scale=np.float32(0.05) + some(40) ** 2,
        first=Affine(some(hidden, 200), some(hidden), (-2, -1, 0, 1, 2)),
        first_norm=norm(),
        second=Affine(some(hidden, 3 * hidden), some(hidden), (-1, 0, 1)),
        second_norm=norm(),
        blocks=(block(1), block(3)),
        output=Affine(some(len(PHONES), hidden) * np.float32(sharpness), bias),
        bypass=0.66,
    )


def parts(seed: int = 0, how: How | None = None) -> Parts:
    tree = WordTree(spoken())
    return Parts(network(seed), tree, grammar_graph(ngrams(), tree.ids), how or How())


def sound(seed: int, seconds: float) -> np.ndarray:
    """Noise that changes its colour ten times a second, in the scale of 16 bit.

    Every mel bin has something to hear: next to nothing is where two programs round differently.
    """
    generator = np.random.default_rng(seed)
    pieces = []
    for _ in range(int(seconds * 10)):
        colour = np.convolve(generator.normal(0, 800, 1600), generator.normal(0, 1, 6), "same")
        pieces.append(colour + generator.normal(0, 200, 1600))
    return np.concatenate(pieces).astype(np.int16)
