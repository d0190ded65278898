"""map: from a folder to the text, as a user of the library calls it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

import repomap_fast
from repomap_fast import ConfigurationError, Index, OptionError, RepoMap, RootError, ScanCancelled, Weights, contents
from repomap_fast.drawing.sources import Sources
from repomap_fast.drawing.tokens import estimate_tokens
from support.repositories import write_files

FILES = {
    "README.md": "# A shop\n",
    "pyproject.toml": "[project]\nname = 'shop'\n",
    "shop/till.py": (
        "class Till:\n    def count_money(self):\n        return 1\n\n    def unused_thing(self):\n        return 2\n"
    ),
    "shop/counter.py": (
        "from till import Till\n\ndef open_counter():\n    till = Till()\n    return till.count_money()\n"
    ),
    "shop/street.py": (
        "from till import Till\nfrom counter import open_counter\n\ndef walk():\n    open_counter()\n    Till()\n"
    ),
    "shop/empty.py": "",
    "docs/notes.txt": "nothing\n",
    "logo.png": "\x89PNG\0\0",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_files(tmp_path / "repository", {path: text.encode("latin-1") for path, text in FILES.items()})


def shown(repo_map: RepoMap) -> list[str]:
    return [file.path for file in repo_map.files]


def test_a_map_shows_what_is_referred_to_with_its_scope(shop: Path) -> None:
    repo_map = repomap_fast.map(shop)
    assert "shop/till.py:\n1-6 class Till\n 2-3 count_money()\n 5-6 unused_thing()\n" in repo_map.text
    excerpts = repomap_fast.map(shop, format="excerpts")
    assert "shop/till.py:\n│class Till:\n│    def count_money(self):\n" in excerpts.text
    assert {definition.name for definition in repo_map.definitions} == {
        *("Till", "count_money", "unused_thing", "open_counter", "walk")
    }
    by_name = {definition.name: definition for definition in repo_map.definitions}
    till = by_name["Till"]
    assert (till.path, till.kind, till.line, till.end_line) == ("shop/till.py", "class", 1, 6)
    assert (till.scope, till.qualified_name, till.signature) == (None, "Till", "class Till")
    money = by_name["count_money"]
    assert (money.scope, money.qualified_name, money.signature) == ("Till", "Till.count_money", "count_money()")
    scores = [definition.score for definition in repo_map.definitions]
    assert scores == sorted(scores, reverse=True)
    assert by_name["Till"].score > by_name["walk"].score > 0


def test_the_text_is_in_the_order_of_the_paths_and_has_every_file(shop: Path) -> None:
    repo_map = repomap_fast.map(shop, format="excerpts")
    assert shown(repo_map) == sorted(FILES)
    assert [line.rstrip(":") for line in repo_map.text.splitlines() if line.rstrip(":") in FILES] == sorted(FILES)


def test_files_that_are_shown_by_their_paths_alone_come_last_in_one_line(shop: Path) -> None:
    bare = ["README.md", "docs/notes.txt", "logo.png", "pyproject.toml", "shop/empty.py"]
    for form, last in (("text", f"also: {', '.join(bare)}"), ("markdown", f"Also: `{'`, `'.join(bare)}`")):
        repo_map = repomap_fast.map(shop, format=form)
        assert shown(repo_map) == ["shop/counter.py", "shop/street.py", "shop/till.py", *bare]
        assert repo_map.text.endswith(f"\n\n{last}\n")


def test_important_files_come_before_definitions(shop: Path) -> None:
    assert shown(repomap_fast.map(shop, tokens=8)) == ["README.md"]


def test_important_files_take_a_small_part_of_the_budget(tmp_path: Path) -> None:
    for i in range(20):
        (tmp_path / f"module{i}.py").write_text("".join(f"def function_{i}_{j}(): pass\n" for j in range(20)))
    for name in ("README.md", "Makefile", "Dockerfile", "tox.ini", "package.json", "pyproject.toml", "Cargo.toml"):
        (tmp_path / name).write_text("")
    repo_map = repomap_fast.map(tmp_path, tokens=300)
    bare = [file.path for file in repo_map.files if not file.definitions]
    assert bare == ["Cargo.toml", "README.md", "package.json", "pyproject.toml"]


def test_settings_of_the_repository_count(shop: Path) -> None:
    (shop / ".repomap-fast.toml").write_text("tokens = 12\nimportant = ['docs/notes.txt']\n")
    repo_map = repomap_fast.map(shop)
    assert (repo_map.budget, shown(repo_map)) == (12, ["docs/notes.txt"])
    assert repomap_fast.map(shop, tokens=100).budget == 100


def test_weights_of_the_repository_count_unless_the_caller_has_others(shop: Path) -> None:
    plain = repomap_fast.map(shop, languages="code")
    (shop / ".repomap-fast.toml").write_text("[weights]\nunreferenced = 100\n")
    changed = repomap_fast.map(shop, languages="code")
    assert [d.name for d in changed.definitions] != [d.name for d in plain.definitions]
    assert [d.score for d in repomap_fast.map(shop, languages="code", weights=Weights()).definitions] == [
        d.score for d in plain.definitions
    ]


def test_settings_that_make_no_sense_are_an_error(shop: Path) -> None:
    (shop / ".repomap-fast.toml").write_text("tokens = 'many'\n")
    with pytest.raises(ConfigurationError, match="tokens is 'many'"):
        repomap_fast.map(shop)


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("tokens", [10, 80, 1_000])
@pytest.mark.parametrize("form", ["text", "markdown", "excerpts", "json", "xml"])
def test_no_map_begins_with_an_empty_line(shop: Path, header: bool, tokens: int, form: str) -> None:
    text = repomap_fast.map(shop, tokens=tokens, format=form, header=header).text
    assert text == text.lstrip()


@pytest.mark.parametrize("tokens", [1, 2, 5, 10, 20, 40, 80, 160, 1_000_000])
@pytest.mark.parametrize("form", ["text", "markdown", "excerpts", "json", "xml"])
def test_the_budget_is_never_exceeded(shop: Path, tokens: int, form: str) -> None:
    repo_map = repomap_fast.map(shop, tokens=tokens, format=form, header=True)
    assert repo_map.tokens == estimate_tokens(repo_map.text)
    assert repo_map.tokens <= tokens or (form in ("json", "xml") and not repo_map.files)
    assert bool(repo_map.text) == (bool(repo_map.files) or form in ("json", "xml"))


def test_a_header_that_takes_too_much_is_left_out(shop: Path) -> None:
    assert repomap_fast.map(shop, tokens=10, header=True).text == "also: README.md\n"
    assert repomap_fast.map(shop, tokens=1000, header=True).text.startswith("# ")


def test_the_header_is_the_same_for_the_same_files(shop: Path) -> None:
    for path in FILES:
        os.utime(shop / path, (1_600_000_000, 1_600_000_000))
    (shop / "shop" / "till.py").touch()
    os.utime(shop / "shop" / "till.py", (1_700_000_000, 1_700_000_000))
    # A map is made of the files that have a language.
    (shop / "shop" / "prices.bin").touch()
    state = repomap_fast.map(shop).state
    assert (state.n_files, state.time, state.commit) == (6, "2023-11-14T22:13:20Z", None)


def test_tokens_are_counted_as_the_caller_does(shop: Path) -> None:
    repo_map = repomap_fast.map(shop, tokens=150, tokenizer=len)
    assert repo_map.tokens == len(repo_map.text) <= 150
    assert repo_map.definitions


def test_ascii_marks(shop: Path) -> None:
    text = repomap_fast.map(shop, ascii=True, format="excerpts").text
    assert text.isascii()
    assert "|class Till:" in text
    (shop / "long.py").write_text(f"def many({', '.join(f'argument_{i}' for i in range(20))}): pass\n\n\nmany()\n")
    assert "\n1 many(argument_0, argument_1, argument_2, argument_3, ...)\n" in repomap_fast.map(shop, ascii=True).text


def test_json_and_xml_tell_definitions(shop: Path) -> None:
    repo_map = repomap_fast.map(shop, format="json", tokens=4000, header=True)
    document = json.loads(repo_map.text)
    assert [file["path"] for file in document["files"]] == sorted(FILES)
    (till,) = (file for file in document["files"] if file["path"] == "shop/till.py")
    assert [definition["name"] for definition in till["definitions"]] == ["Till", "count_money", "unused_thing"]
    root = ElementTree.fromstring(repomap_fast.map(shop, format="xml", tokens=4000).text)
    assert [file.get("path") for file in root.iter("file")] == sorted(FILES)
    assert [one.get("name") for one in root.iter("definition")].count("Till") == 1


def test_two_definitions_on_one_row_are_both_told(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("struct pair { int first_one; int second_one; }; int use_pair(void) { return 1; }\n")
    repo_map = repomap_fast.map(tmp_path)
    names = [definition.name for definition in repo_map.definitions]
    assert {"pair", "use_pair"} <= set(names)
    assert len(names) == len(set(names))
    assert len(repo_map.files) == 1


def test_what_was_mentioned_is_told_wherever_it_stands_in_its_row(tmp_path: Path) -> None:
    (tmp_path / "a.ts").write_text("export enum State { Open, Closed }\n")
    for query in ("", "the state of a file"):
        repo_map = repomap_fast.map(tmp_path, mention=["Closed"], query=query, format="json")
        assert "Closed" in [definition.name for definition in repo_map.definitions]
        assert '"name": "Closed"' in repo_map.text
        assert "Closed" in repomap_fast.map(tmp_path, mention=["Closed"], query=query).text


@pytest.mark.parametrize("tokens", [60, 300])
def test_a_mentioned_member_is_shown_in_a_row_of_very_many(tmp_path: Path, tokens: int) -> None:
    """A row of a minified file shows the first of its names: the one that was asked for was not among them."""
    members = "".join(f"m{number}:function(a{number}){{return 1}}," for number in range(200))
    (tmp_path / "all.js").write_text(
        f"function Box(){{var api={{{members}last:function(x){{return x}}}};return api}}\n"
    )
    text = repomap_fast.map(tmp_path, tokens=tokens, mention=["last", "api.m150", "m199"]).text
    assert all(re.search(rf"\b{name}\b", text) for name in ("last", "m150", "m199"))
    text = repomap_fast.map(tmp_path, tokens=tokens, query="It fails\n\nsince `m7` and `api.m151` are slow\n").text
    assert all(re.search(rf"\b{name}\b", text) for name in ("m7", "m151"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "yaml"}, "format is 'yaml'; expected text, markdown, excerpts, json or xml"),
        ({"tokens": 0}, "tokens is 0; expected 1 to 2147483647"),
        ({"tokens": -5}, "tokens is -5; expected 1 to 2147483647"),
        ({"tokenizer": "abacus"}, "abacus"),
    ],
)
def test_options_that_make_no_sense(shop: Path, options: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        repomap_fast.map(shop, **options)  # type: ignore[arg-type]


def test_a_root_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RootError):
        repomap_fast.map(tmp_path / "nowhere")


def test_an_empty_folder_gives_an_empty_map(tmp_path: Path) -> None:
    repo_map = repomap_fast.map(tmp_path)
    assert (repo_map.text, repo_map.tokens, repo_map.files, repo_map.definitions) == ("", 0, (), ())


def test_binary_files_alone_are_listed(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\0\0")
    (tmp_path / "b.py").write_bytes(b"\0\0\0\0")
    assert repomap_fast.map(tmp_path).text == "also: a.png, b.py\n"
    assert repomap_fast.map(tmp_path, format="excerpts").text == "a.png\n\nb.py\n"


def test_files_without_definitions_are_listed(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("print(1)\n")
    (tmp_path / "notes.txt").write_text("x")
    assert repomap_fast.map(tmp_path).text == "also: main.py, notes.txt\n"
    assert repomap_fast.map(tmp_path, format="excerpts").text == "main.py\n\nnotes.txt\n"


def test_an_open_index_is_taken_as_of_its_last_refresh(shop: Path, tmp_path: Path) -> None:
    with Index.open(shop, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        before = repomap_fast.map(index)
        (shop / "shop" / "new.py").write_text("from till import Till\n\ndef brand_new():\n    Till()\n")
        assert repomap_fast.map(index).text == before.text
        index.refresh()
        assert "brand_new" in repomap_fast.map(index).text


def test_an_open_index_that_was_never_refreshed_is_refreshed(shop: Path) -> None:
    expected = repomap_fast.map(shop).text
    with Index.open(shop, cache=False) as index:
        assert not index.is_refreshed
        assert repomap_fast.map(index).text == expected
        assert index.is_refreshed
    for call in (lambda index: repomap_fast.explain(index, "Till"), lambda index: repomap_fast.search(index, "Till")):
        with Index.open(shop, cache=False) as index:
            assert call(index)


def test_what_was_looked_for_in_vain_is_a_note(shop: Path) -> None:
    assert repomap_fast.map(shop, mention=["nobody"]).notes == ("nothing here is called 'nobody'",)
    assert repomap_fast.map(shop, mention=["Till"]).notes == ()
    many = repomap_fast.map(shop, mention=[f"nobody{i}" for i in range(50)], format="json", tokens=200)
    assert len(many.notes) == 6
    assert many.notes[-1] == "nothing here is called by 45 more of the names that were mentioned"
    assert many.tokens <= 200


def test_a_long_name_is_cut(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"def {'x' * 100_000}(): pass\n")
    for form in ("text", "json", "xml"):
        repo_map = repomap_fast.map(tmp_path, format=form, cache=False)
        assert [len(one.name) for one in repo_map.definitions] == [1000]
        assert len(repo_map.text) < 3000


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such links")
def test_what_has_become_a_link_since_the_refresh_is_not_read(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    for path in (root / "a.py", root / "d" / "b.py", outside / "b.py"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("def f():\n    pass\n\nf()\n")
    (outside / "b.py").write_text("SECRET = 1\n\nSECRET\n")
    with Index.open(root, cache=False) as index:
        index.refresh()
        (root / "a.py").unlink()
        (root / "a.py").symlink_to(outside / "b.py")
        (root / "d").rename(root / "away")
        (root / "d").symlink_to(outside)
        assert repomap_fast.map(index, format="excerpts").text == "a.py\n\nd/b.py\n"
        assert repomap_fast.map(index).text == "a.py:\n1-2 f\n\nd/b.py:\n1-2 f\n"


def test_a_file_that_is_shown_by_its_path_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("def f():\n    pass\n\nf()\n")
    (tmp_path / "weights.bin").touch()
    os.truncate(tmp_path / "weights.bin", 1 << 40)
    (tmp_path / "large.py").touch()
    os.truncate(tmp_path / "large.py", 1 << 40)
    read: list[bytes] = []
    real = contents.read_below
    monkeypatch.setattr(contents, "read_below", lambda root, path, n: (read.append(path), real(root, path, n))[1])
    repo_map = repomap_fast.map(tmp_path, format="excerpts", cache=False)
    assert repo_map.text == "a.py:\n│def f():\n⋮\n\nlarge.py\n\nweights.bin\n"
    assert set(read) == {b"a.py"}
    assert repomap_fast.map(tmp_path, cache=False).text == "a.py:\n1-2 f()\n\nalso: large.py, weights.bin\n"
    assert set(read) == {b"a.py"}


def test_no_file_is_read_for_names_alone(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Index.open(shop, cache=False) as index:
        index.refresh()
        monkeypatch.setattr(Sources, "_contents", None)
        assert repomap_fast.map(index, tokens=50, query="shop").definitions


def test_a_file_that_has_grown_is_not_read_beyond_the_bound(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f():\n    pass\n\nf()\n")
    with Index.open(tmp_path, max_file_size=100, cache=False) as index:
        index.refresh()
        assert "1-2 f()" in repomap_fast.map(index).text
        (tmp_path / "a.py").write_text("def f():\n    pass\n" + "# x\n" * 100)
        assert repomap_fast.map(index, format="excerpts").text == "a.py\n"
        assert repomap_fast.map(index).text == "a.py:\n1-2 f\n"


def test_a_map_within_a_limit_of_memory_is_the_same(shop: Path) -> None:
    limited = repomap_fast.map(shop, max_memory=8_000_000_000)
    assert limited.text == repomap_fast.map(shop).text
    assert limited.notes == ()


def test_what_a_limit_of_memory_left_out_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("class A:\n    x = 1\n\n    def f(self):\n        pass\n\nA().f()\n")
    with Index.open(tmp_path, max_memory=8_000_000_000, cache=False) as index:
        index.refresh()
        monkeypatch.setattr("repomap_fast.resources.governors.MemoryGovernor.headroom_bytes", lambda *_, **__: 60)
        found = repomap_fast.map(index, format="excerpts")
        terse = repomap_fast.map(index)
    assert found.text == "a.py\n"
    assert found.notes == ("memory came near the limit of 8000 MB: the map showed files by their paths alone",)
    assert terse.text == "a.py:\n1-5 class A\n 2 x\n 4-5 f\n"
    assert terse.notes == ("memory came near the limit of 8000 MB: the map showed definitions by their names alone",)


def test_a_file_that_is_gone_since_the_refresh_is_shown_as_it_was_found(shop: Path) -> None:
    with Index.open(shop, cache=False) as index:
        index.refresh()
        (shop / "shop" / "till.py").unlink()
        assert "shop/till.py\n" in repomap_fast.map(index, format="excerpts").text
        assert "shop/till.py:\n1-6 class Till\n 2-3 count_money\n" in repomap_fast.map(index).text


def test_a_file_that_changed_since_the_refresh_lends_no_signature(shop: Path) -> None:
    with Index.open(shop, cache=False) as index:
        index.refresh()
        (shop / "shop" / "till.py").write_text("SECRET = 1\n\n\ndef count_money(): pass\n")
        text = repomap_fast.map(index).text
    assert "shop/till.py:\n1-6 class Till\n 2-3 count_money\n" in text
    assert "SECRET" not in text


def test_a_map_can_be_cancelled(shop: Path) -> None:
    event = threading.Event()
    event.set()
    with pytest.raises(ScanCancelled):
        repomap_fast.map(shop, cancel=event)


def test_only_some_languages(shop: Path) -> None:
    (shop / "till.c").write_text("int count_money(void) { return 1; }\n")
    repo_map = repomap_fast.map(shop, languages="c")
    assert shown(repo_map) == ["till.c"]


# Same files, same bytes


def digest_of(repo_map: RepoMap) -> str:
    return hashlib.sha256(repr(repo_map).encode()).hexdigest()


def mixed_repository(root: Path, n_files: int) -> None:
    """Write files that refer to each other in many ways, with many ties among their scores."""
    for i in range(n_files):
        calls = "".join(f"    function_{(i * j) % n_files}_{j % 3}()\n" for j in range(1, 6))
        body = "".join(f"def function_{i}_{j}():\n{calls}\n" for j in range(3))
        (root / f"module{i}.py").write_text(f"class Shared:\n    pass\n\n{body}")
        (root / f"part{i}.c").write_text(f"int shared_{i % 4}(void) {{ return shared_{(i + 1) % 4}(); }}\n")


IN_ANOTHER_PROCESS = """
import hashlib, sys
import repomap_fast
root, cache_dir, workers = sys.argv[1:]
keep = {"cache_dir": cache_dir} if cache_dir else {"cache": False}
for _ in range(2):
    repo_map = repomap_fast.map(root, header=True, workers=int(workers), **keep)
    print(hashlib.sha256(repr(repo_map).encode()).hexdigest())
"""


def digests_of_runs(root: Path, cache_dir: Path, n_runs: int) -> set[str]:
    """Map in processes of many hash seeds and worker counts, without an index, with a new one, and with a warm one."""
    digests = set()
    for run in range(n_runs):
        keep = ("", cache_dir / str(run), cache_dir / "warm")[run % 3]
        arguments = [str(root), str(keep), str(1 + run % 4)]
        done = subprocess.run(
            [sys.executable, "-c", IN_ANOTHER_PROCESS, *arguments],
            env={**os.environ, "PYTHONHASHSEED": str(run * 7919 % 4294967295)},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.update(done.stdout.split())
    return digests


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    mixed_repository(root, 12)
    assert len(digests_of_runs(root, tmp_path / "cache", 4)) == 1


@pytest.mark.slow
def test_the_same_files_give_the_same_bytes_fifty_times(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    mixed_repository(root, 60)
    assert len(digests_of_runs(root, tmp_path / "cache", 50)) == 1


def change_nothing(root: Path) -> None:
    """Leave the files as they are."""


def change_and_add(root: Path) -> None:
    """Change one file, take one away, and add one that is first of all and names everything in another order."""
    (root / "module3.py").write_text("def function_3_0():\n    function_1_1()\n    late_name()\n")
    (root / "module5.py").unlink()
    (root / "aaa.py").write_text("def late_name():\n    function_7_2()\n    function_0_0()\n    Shared()\n")


@pytest.mark.parametrize("change", [change_nothing, change_and_add])
def test_an_index_that_was_brought_up_to_date_gives_what_a_new_one_gives(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    mixed_repository(root, 12)
    repomap_fast.map(root, cache_dir=tmp_path / "cache")
    change(root)
    updated = repomap_fast.map(root, cache_dir=tmp_path / "cache")
    assert digest_of(updated) == digest_of(repomap_fast.map(root, cache=False))


def test_the_settings_weigh_files_and_definitions(tmp_path: Path) -> None:
    for name in ("a", "examples/b"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.py").write_text("def one():\n    pass\n\n\ndef two():\n    return 1, 2\n")

    def order() -> list[tuple[str, str]]:
        found = repomap_fast.map(tmp_path, cache=False, languages="code", query="number two").definitions
        return [(one.path, one.name) for one in found]

    assert order() == [("a.py", "two"), ("examples/b.py", "two"), ("a.py", "one"), ("examples/b.py", "one")]
    settings = tmp_path / ".repomap-fast.toml"
    settings.write_text("[weights]\nfile-examples = 20\n")
    assert order() == [("a.py", "two"), ("a.py", "one"), ("examples/b.py", "two"), ("examples/b.py", "one")]
    settings.write_text("[weights]\nfile-examples = 0\ndefinition-text = 0\ndefinition-mentioned = 0\n")
    assert order() == [("a.py", "one"), ("a.py", "two"), ("examples/b.py", "one"), ("examples/b.py", "two")]
