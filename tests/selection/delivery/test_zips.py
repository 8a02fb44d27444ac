"""Archives that are never made: what other programs say of them, and every range of them."""

import datetime as dt
import io
import random
import shutil
import subprocess
import zipfile
import zlib

import pytest

from selection.delivery import zips
from selection.delivery.ranges import Piece, pieces
from selection.delivery.zips import Entry

AT = dt.datetime(2026, 11, 22, 18, 30, 12)  # noqa: DTZ001 (wall time: a ZIP holds nothing else)


def made(files):
    """(entries, body) of name → bytes, joined from the segments."""
    names = zips.distinct(files)
    pairs = enumerate(zip(names, files.values(), strict=True))
    entries = [Entry(name, f"k{i}", len(body), zlib.crc32(body), AT) for i, (name, body) in pairs]
    store = {f"k{i}": body for i, body in enumerate(files.values())}
    return entries, store


def cut(segments, store, first, last):
    return b"".join(
        store[piece.key][piece.first : piece.last + 1] if isinstance(piece, Piece) else piece
        for piece in pieces(segments, first, last)
    )


@pytest.fixture
def album():
    dice = random.Random(7)
    files = {f"新娘_{i}.jpg": dice.randbytes(dice.randrange(1, 9000)) for i in range(12)}
    entries, store = made(files)
    segments = zips.archive(entries)
    return files, segments, store, cut(segments, store, 0, zips.length(segments) - 1)


def test_python_reads_it_and_every_file_is_whole(album):
    files, segments, _store, body = album
    assert len(body) == zips.length(segments)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == files
        info = archive.infolist()[0]
        assert (info.compress_type, info.date_time) == (zipfile.ZIP_STORED, (2026, 11, 22, 18, 30, 12))


@pytest.mark.skipif(not shutil.which("unzip"), reason="unzip is not installed")
def test_unzip_says_it_is_sound_and_finds_the_chinese_names(album, tmp_path):
    (tmp_path / "a.zip").write_bytes(album[3])
    told = subprocess.run(["unzip", "-t", "a.zip"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
    assert "No errors detected" in told.stdout
    subprocess.run(["unzip", "-q", "a.zip"], cwd=tmp_path, check=True, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin"})
    assert sorted(path.name for path in tmp_path.glob("*.jpg")) == sorted(album[0])


def test_any_range_is_the_same_bytes(album):
    _files, segments, store, body = album
    dice = random.Random(3)
    for _ in range(400):
        first = dice.randrange(len(body))
        last = dice.randrange(first, len(body))
        assert cut(segments, store, first, last) == body[first : last + 1]
    assert cut(segments, store, 5, 4) == b""


class Huge(io.RawIOBase):
    """The archive as a file whose objects are all zeros: gigabytes that nobody has."""

    def __init__(self, segments):
        self.segments, self.at, self.total = segments, 0, zips.length(segments)

    def seekable(self):
        return True

    def readable(self):
        return True

    def tell(self):
        return self.at

    def seek(self, offset, whence=0):
        self.at = offset + (0, self.at, self.total)[whence]
        return self.at

    def read(self, size=-1):
        last = self.total - 1 if size < 0 else min(self.at + size, self.total) - 1
        got = b"".join(
            bytes(p.last - p.first + 1) if isinstance(p, Piece) else p for p in pieces(self.segments, self.at, last)
        )
        self.at = last + 1
        return got


@pytest.mark.parametrize(
    "sizes", [[3_000_000_000, 3_000_000_000, 10], [5_000_000_000], [10, 0xFFFFFFFF, 10], [1] * 70_000]
)
def test_zip64_where_a_number_does_not_fit(sizes):
    entries = [Entry(f"{i}.bin", str(i), size, zlib.crc32(b"\0" * min(size, 10)), AT) for i, size in enumerate(sizes)]
    with zipfile.ZipFile(Huge(zips.archive(entries))) as archive:
        assert [info.file_size for info in archive.infolist()] == sizes
        assert len(archive.read(archive.namelist()[-1]) if sizes[-1] <= 10 else b"") in {0, 1, 10}


def test_names_are_safe_everywhere_and_told_apart():
    given = [
        "a.jpg",
        "A.JPG",
        "a.jpg",
        "a (2).jpg",
        "../x/..\\y.jpg",
        "CON.jpg",
        "?<>|.jpg",
        " . ",
        "长" * 200 + ".jpeg",
    ]
    names = zips.distinct(given)
    assert len({name.casefold() for name in names}) == len(given)
    assert not any(set(name) & set('/\\:*?"<>|') or name.startswith(".") for name in names)
    assert names[:3] == ["a.jpg", "A (2).JPG", "a (3).jpg"]
    assert names[5] == "_CON.jpg"
    assert len(names[-1]) <= 125
    assert names[-1].endswith(".jpeg")


def test_parts_are_filled_in_order():
    assert zips.portions([4, 4, 4, 20, 1], 10) == [range(2), range(2, 3), range(3, 4), range(4, 5)]
    assert zips.portions([], 10) == []
    assert zips.portions([5, 5], 10) == [range(2)]


def test_the_fingerprint_names_the_bytes():
    entries, _store = made({"a.jpg": b"1", "b.jpg": b"2"})
    assert zips.fingerprint(entries) == zips.fingerprint(list(entries))
    assert zips.fingerprint(entries) != zips.fingerprint(entries[::-1])
