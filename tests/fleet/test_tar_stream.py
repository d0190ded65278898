"""Tar archives are read as ``tarfile`` reads them, at a cost that their length bounds."""

from __future__ import annotations

import io
import sys
import tarfile
import tracemalloc
from collections.abc import Callable

import pytest

from repomap_fast.fleet.bounds import BoundError, Bounds
from repomap_fast.fleet.tar_stream import MAX_HEAD_BYTES, Member, tar_members

LONG = "a" * 90 + "/" + "b" * 90 + "/" + "c" * 200 + ".py"
NAMES = ("a.py", "lib/b.py", "empty", LONG[:150], LONG, "ö/ü.py", "x" * 100, "x" * 101)
FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}


def head(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.USTAR_FORMAT)


def padded(contents: bytes) -> bytes:
    return contents + bytes(-len(contents) % 512)


def with_records(records: bytes, *, kind: bytes = tarfile.XHDTYPE) -> bytes:
    return head("said", len(records), kind) + padded(records) + head("a.py", 3) + padded(b"a=1") + bytes(1024)


def read_all(archive: bytes, **bounds: int) -> dict[str, bytes | None]:
    return {one.name: contents(one) for one in tar_members(io.BytesIO(archive), Bounds(**bounds))}


def contents(member: Member) -> bytes | None:
    if member.file is None:
        return None
    return b"".join(iter(lambda: member.file.read(7), b""))


def written(format_: int, *others: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format_) as archive:
        for info in others:
            archive.addfile(info)
        for number, name in enumerate(NAMES):
            if format_ == tarfile.USTAR_FORMAT and len(name) > 100 and name != LONG[:150]:
                continue
            info = tarfile.TarInfo(name)
            info.size = 0 if name == "empty" else 500 + number
            archive.addfile(info, io.BytesIO(bytes([65 + number]) * info.size))
    return out.getvalue()


def as_tarfile_reads(archive: bytes) -> dict[str, bytes | None]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        return {
            info.name + "/" * info.isdir(): file.read() if info.isreg() and (file := opened.extractfile(info)) else None
            for info in opened
        }


@pytest.mark.parametrize("format_", FORMATS)
def test_each_format_is_read_as_tarfile_reads_it(format_: str) -> None:
    others = []
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
        info = tarfile.TarInfo(f"other{kind.decode()}")
        info.type, info.linkname = kind, "a.py"
        others.append(info)
    archive = written(FORMATS[format_], *others)
    assert read_all(archive) == as_tarfile_reads(archive)


def test_a_member_that_nobody_reads_is_passed_over() -> None:
    names = [one.name for one in tar_members(io.BytesIO(written(tarfile.GNU_FORMAT)), Bounds())]
    assert names == list(NAMES)


def test_what_a_record_says_holds_for_one_member() -> None:
    archive = with_records(b"15 path=b/c.py\n")[:-1024] + head("d.py", 0) + bytes(1024)
    assert read_all(archive) == {"b/c.py": b"a=1", "d.py": b""}


def test_a_size_of_a_record_holds_in_place_of_the_heads() -> None:
    archive = head("said", 9, tarfile.XHDTYPE) + padded(b"9 size=3\n") + head("a.py", 0) + padded(b"a=1") + bytes(1024)
    assert read_all(archive) == {"a.py": b"a=1"}


def test_a_sparse_file_is_no_regular_one() -> None:
    old = bytearray(head("a", 512, tarfile.GNUTYPE_SPARSE))
    old[482] = 1
    old[148:156] = b" " * 8
    old[148:156] = b"%06o\0 " % sum(old)
    archive = bytes(old) + bytes(512) + b"x" * 512 + head("b.py", 1) + padded(b"b") + bytes(1024)
    assert read_all(archive) == {"a": None, "b.py": b"b"}
    assert read_all(with_records(b"22 GNU.sparse.major=1\n"))["a.py"] is None


@pytest.mark.parametrize(
    "records",
    [
        pytest.param(lambda n: b"1" * n, id="digits"),
        pytest.param(lambda n: b"2 " * (n // 2) + b"=\n", id="records within each other"),
        pytest.param(lambda n: b"5 a=\n" * (n // 5), id="short records"),
    ],
)
@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE])
def test_the_cost_of_records_is_linear(records: Callable[[int], bytes], kind: bytes) -> None:
    archives = [with_records(records(n), kind=kind) for n in (50_000, 100_000)]
    costs = [cost(archive) for archive in archives]
    assert costs[1][0] <= 2.2 * costs[0][0] + 100
    assert costs[1][1] <= 10 * len(archives[1])


def cost(archive: bytes) -> tuple[int, int]:
    """Return the lines of Python that are run to read an archive, and the most memory."""
    n_lines = 0

    def count(frame: object, event: str, argument: object) -> object:
        nonlocal n_lines
        n_lines += event == "line"
        return count

    tracemalloc.start()
    sys.settrace(count)
    try:
        read_all(archive)
    except ValueError:
        pass
    finally:
        sys.settrace(None)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return n_lines, most


@pytest.mark.parametrize(
    "records", [b"1" * 100, b"2 2 2 =\n", b"7 a=b\n", b"x", b"00000000009 a=b\n", b"12 size=1x3\n"]
)
def test_records_that_are_wrong_end_the_archive(records: bytes) -> None:
    with pytest.raises(ValueError, match="in it"):
        read_all(with_records(records))


@pytest.mark.parametrize("field", [b"9" * 11 + b"\0", b"\xff" * 12, b"-0000000001\0"])
def test_a_size_that_is_none_ends_the_archive(field: bytes) -> None:
    block = bytearray(head("a.py", 3))
    block[124:136] = field
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    with pytest.raises(ValueError, match="a number in it"):
        read_all(bytes(block) + padded(b"a=1"))


def test_a_head_whose_sum_is_wrong_ends_the_archive() -> None:
    archive = bytearray(written(tarfile.GNU_FORMAT))
    archive[0] ^= 1
    with pytest.raises(ValueError, match="no head"):
        read_all(bytes(archive))


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
def test_what_stands_before_a_member_is_bounded(kind: bytes) -> None:
    one = head("said", 1 << 17, kind) + bytes(1 << 17)
    assert read_all(one + head("a.py", 0) + bytes(1024)) is not None
    with pytest.raises(BoundError, match=f"more than {MAX_HEAD_BYTES:,} bytes of one member"):
        read_all(one * 9 + head("a.py", 0) + bytes(1024))
    with pytest.raises(BoundError):
        read_all(head("said", 1 << 32, kind))


def test_the_sizes_of_all_members_are_bounded() -> None:
    with pytest.raises(BoundError, match="unpacks to more than 1,000 bytes"):
        read_all(written(tarfile.GNU_FORMAT), max_bytes=1000)


@pytest.mark.parametrize("length", [1, 300, 600, 1000])
def test_an_archive_that_is_cut_says_so(length: int) -> None:
    with pytest.raises(EOFError):
        read_all(written(tarfile.GNU_FORMAT)[:length])


def test_an_archive_may_end_behind_any_member() -> None:
    assert read_all(head("a.py", 3) + padded(b"a=1")) == {"a.py": b"a=1"}
    assert read_all(head("a.py", 3) + b"a=1") == {"a.py": b"a=1"}
    assert read_all(bytes(512)) == {}
    with pytest.raises(EOFError):
        read_all(b"")
