"""Kaldi's binary basics, each written and read again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine.speech.errors import BadKaldiFile
from engine.speech.kaldi import binary
from engine.speech.kaldi.binary import Reader

INT32 = st.integers(-(2**31), 2**31 - 1)
FLOAT32 = st.floats(width=32, allow_nan=False, allow_infinity=False)
MATRICES = arrays.arrays(
    np.float32,
    arrays.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=9),
    elements=FLOAT32,
)


@settings(deadline=None)
@given(INT32, FLOAT32, st.booleans(), st.lists(INT32, max_size=9))
def test_what_was_written_one_after_the_other_is_read_again(
    whole: int, real: float, yes: bool, several: list[int]
) -> None:
    reader = Reader(
        binary.token("<Name>")
        + binary.integer(whole)
        + binary.number(real)
        + binary.truth(yes)
        + binary.integers(several)
    )
    assert reader.expect("<Other>", "<Name>") == "<Name>"
    assert (reader.integer(), reader.number(), reader.truth()) == (whole, real, yes)
    assert reader.integers() == tuple(several)
    assert reader.left == 0


@settings(deadline=None)
@given(MATRICES)
def test_matrices_and_vectors_keep_every_bit(values: np.ndarray) -> None:
    reader = Reader(binary.matrix(values) + binary.vector(values))
    assert np.array_equal(reader.matrix(), values)
    assert np.array_equal(reader.vector(), values.reshape(-1))
    assert reader.left == 0


@settings(deadline=None)
@given(
    arrays.arrays(
        np.float32, (5, 7), elements=st.floats(-100, 100, width=32, allow_subnormal=False)
    )
)
def test_a_halved_matrix_is_off_by_half_a_step_at_most(values: np.ndarray) -> None:
    written = binary.halved_matrix(values)
    assert len(written) == len(b"CM2 ") + 16 + 2 * values.size
    step = np.ptp(values) / 65535
    assert np.abs(Reader(written).matrix() - values).max() <= 0.51 * step + 1e-5


def test_a_halved_matrix_may_be_empty_or_all_the_same() -> None:
    empty, same = np.zeros((0, 3), np.float32), np.full((2, 2), 0.25, np.float32)
    assert Reader(binary.halved_matrix(empty)).matrix().shape == (0, 3)
    assert np.array_equal(Reader(binary.halved_matrix(same)).matrix(), same)


def test_doubles_of_kaldi_are_read_as_floats() -> None:
    doubles = b"DV " + binary.integer(2) + np.array([0.5, -2.0]).tobytes()
    reader = Reader(b"\x08" + np.float64(0.25).tobytes() + doubles)
    assert reader.number() == 0.25
    assert reader.vector().tolist() == [0.5, -2.0]


@pytest.mark.parametrize(
    ("data", "method"),
    [
        (b"", "token"),
        (b"FV", "vector"),
        (b"XX ", "vector"),
        (b"FM \x04\xff\xff\xff\xff\x04\x01\0\0\0", "matrix"),
        (b"FV \x04\xff\xff\xff\xff", "vector"),
        (b"FV \x04\xff\xff\xff\x7f", "vector"),
        (b"\x04\1\0", "integer"),
        (b"\x02\1\0\0\0", "integer"),
        (b"\x02\1\0\0\0", "number"),
        (b"Y", "truth"),
        (b"CM2 \0\0", "matrix"),
    ],
)
def test_other_bytes_are_refused_with_their_place(data: bytes, method: str) -> None:
    with pytest.raises(BadKaldiFile, match=r"at byte \d+: "):
        getattr(Reader(data), method)()
