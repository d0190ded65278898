"""What hashes is loaded without OpenSSL where Python can do without."""

from __future__ import annotations

import subprocess
import sys

import pytest

from repomap_fast.agents import openssl

_HASHES = "hashlib.sha1(b'a').hexdigest(), hashlib.sha256(b'a').hexdigest(), hashlib.blake2b(b'a').hexdigest()"


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_hashes_are_the_same_without_openssl() -> None:
    load = "from repomap_fast.agents.openssl import hash_without_openssl; print(hash_without_openssl())"
    code = f"import sys; {load}; import hashlib; print('_hashlib' in sys.modules); print({_HASHES})"
    first, has_openssl, hashes = run(code).splitlines()
    assert first == "True"
    assert has_openssl == "False"
    assert hashes == run(f"import hashlib; print({_HASHES})").strip()


def test_what_is_absent_for_a_while_can_be_loaded_later() -> None:
    code = "import sys\nfrom repomap_fast.agents.openssl import without\nwith without('ssl'):\n    import asyncio\n"
    code += "import ssl\nprint(asyncio.base_events.ssl, ssl.__name__)"
    assert run(code) == "None ssl\n"


def test_hashes_that_only_openssl_has_are_loaded_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "hashlib")
    monkeypatch.setattr(openssl, "find_spec", lambda name: None)
    assert not openssl.hash_without_openssl()
    assert "hashlib" not in sys.modules
