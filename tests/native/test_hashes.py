"""The two hashes of ``cext/native`` against the test vectors of their publications.

The package calls neither by itself, so a small library is compiled from the headers with the C compiler at hand.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NATIVE = Path(__file__).parent.parent.parent / "cext" / "native"
COMPILER = os.environ.get("CC") or shutil.which("cc")
SOURCE = """
#include "blake2b.h"
#include "siphash.h"

void blake2b(const uint8_t *data, size_t size, size_t n_first, size_t digest_bytes, uint8_t *digest) {
  Blake2b hash;
  blake2b_start(&hash, digest_bytes);
  blake2b_add(&hash, data, n_first);
  blake2b_add(&hash, data + n_first, size - n_first);
  blake2b_end(&hash, digest);
}

uint64_t siphash_of(const uint64_t *key, const uint8_t *data, size_t size, int n_rounds, int n_last_rounds) {
  return siphash(key, data, size, n_rounds, n_last_rounds);
}

uint64_t siphash13_of(const uint64_t *key, const uint8_t *data, size_t size) { return siphash13(key, data, size); }
"""

pytestmark = [
    pytest.mark.skipif(not NATIVE.is_dir(), reason="there is no checkout around the tests"),
    pytest.mark.skipif(os.name != "posix" or not COMPILER, reason="no C compiler that takes -shared"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    folder = tmp_path_factory.mktemp("hashes")
    (folder / "hashes.c").write_text(SOURCE)
    command = [str(COMPILER), "-std=c11", "-O1", "-shared", "-fPIC", f"-I{NATIVE}", "hashes.c", "-o", "hashes.so"]
    subprocess.run([*command, "-D_GNU_SOURCE", "-lpthread"], cwd=folder, check=True)
    library = ctypes.CDLL(str(folder / "hashes.so"))
    library.siphash_of.restype = library.siphash13_of.restype = ctypes.c_uint64
    library.blake2b.restype = None
    return library


def blake2b(library: ctypes.CDLL, data: bytes, digest_bytes: int, n_first: int = 0) -> bytes:
    digest = ctypes.create_string_buffer(digest_bytes)
    size = ctypes.c_size_t
    library.blake2b(data, size(len(data)), size(n_first), size(digest_bytes), digest)
    return digest.raw


def siphash(library: ctypes.CDLL, data: bytes, n_rounds: int, n_last_rounds: int) -> int:
    """Return the hash under the paper's key, the bytes 00 to 0f."""
    key = (ctypes.c_uint64 * 2)(0x0706050403020100, 0x0F0E0D0C0B0A0908)
    return int(library.siphash_of(key, data, ctypes.c_size_t(len(data)), n_rounds, n_last_rounds))


def test_blake2b_gives_the_vector_of_rfc_7693(library: ctypes.CDLL) -> None:
    """Appendix A: BLAKE2b-512 of "abc"."""
    expected = (
        "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
        "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"
    )
    assert blake2b(library, b"abc", 64).hex() == expected


def test_blake2b_passes_the_self_test_of_rfc_7693(library: ctypes.CDLL) -> None:
    """Appendix E, without its keyed half: one hash over the hashes of many lengths."""

    def sequence(length: int, seed: int) -> bytes:
        a, b, out = (0xDEAD4BAD * seed) & 0xFFFFFFFF, 1, bytearray()
        for _ in range(length):
            a, b = b, (a + b) & 0xFFFFFFFF
            out.append(b >> 24)
        return bytes(out)

    for digest_bytes in (20, 32, 48, 64):
        for length in (0, 3, 128, 129, 255, 1024):
            data = sequence(length, length)
            expected = hashlib.blake2b(data, digest_size=digest_bytes).digest()
            assert blake2b(library, data, digest_bytes) == expected, (digest_bytes, length)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=600), st.integers(0, 600))
def test_blake2b_does_not_depend_on_how_data_is_cut(library: ctypes.CDLL, data: bytes, n_first: int) -> None:
    expected = hashlib.blake2b(data, digest_size=16).digest()
    assert blake2b(library, data, 16, min(n_first, len(data))) == expected


def test_siphash_gives_the_vector_of_its_paper(library: ctypes.CDLL) -> None:
    """Appendix A: SipHash-2-4 of the bytes 00 to 0e."""
    assert siphash(library, bytes(range(15)), 2, 4) == 0xA129CA6149BE45E5


VECTORS_2_4 = {
    0: 0x726FDB47DD0E0E31,
    1: 0x74F839C593DC67FD,
    7: 0xAB0200F58B01D137,
    8: 0x93F5F5799A932462,
    63: 0x958A324CEB064572,
}
"""The authors' reference vectors: the hash of the bytes 00, 01, … of these lengths."""


@pytest.mark.parametrize(("length", "expected"), VECTORS_2_4.items())
def test_siphash_gives_the_vectors_of_its_authors(library: ctypes.CDLL, length: int, expected: int) -> None:
    assert siphash(library, bytes(range(length)), 2, 4) == expected


def test_the_variant_in_use_has_one_round_and_three(library: ctypes.CDLL) -> None:
    key = (ctypes.c_uint64 * 2)(0x0706050403020100, 0x0F0E0D0C0B0A0908)
    for length in range(20):
        data = bytes(range(length))
        found = library.siphash13_of(key, data, ctypes.c_size_t(length))
        assert found == siphash(library, data, 1, 3)
