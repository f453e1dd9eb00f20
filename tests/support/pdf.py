"""The texts of a PDF that reportlab wrote, each with its place: what a reader sees."""

import base64
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\n(.*)endstream", re.DOTALL)
_FONT_NAMES = re.compile(rb"/(F\d+\+\d+) (\d+) 0 R")
_SHOWN = re.compile(
    rb"/(?P<font>F[\d+]+) (?P<size>[\d.]+) Tf|1 0 0 1 (?P<x>[-\d.]+) (?P<y>[-\d.]+) Tm"
    rb"|\((?P<text>(?:\\.|[^\\)])*)\) Tj",
    re.DOTALL,
)
_PAIR = re.compile(rb"<([0-9A-Fa-f]{2})> <([0-9A-Fa-f]{4})>")


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text with the left end of its base line, in points from the bottom left."""

    x: float
    y: float
    size: float
    text: str


@dataclass(frozen=True, slots=True)
class Pdf:
    pages: int
    texts: list[Text]

    @property
    def words(self) -> str:
        """Everything in the order in which it was drawn, wrapped lines joined."""
        return " ".join(" ".join(each.text for each in self.texts).split())


def read_pdf(content: bytes) -> Pdf:
    objects = {int(found[1]): found[2] for found in _OBJECT.finditer(content)}
    fonts = dict(_FONT_NAMES.findall(content))
    letters = {name: _letters(objects, int(number)) for name, number in fonts.items()}
    pages = [body for body in objects.values() if b"/Type /Page\n" in body]
    texts: list[Text] = []
    for page in pages:
        number = re.search(rb"/Contents (\d+) 0 R", page)
        assert number is not None
        texts += _texts(_unpacked(objects[int(number[1])]), letters)
    return Pdf(len(pages), texts)


def _texts(stream: bytes, letters: Mapping[bytes, Mapping[int, str]]) -> Iterator[Text]:
    font, size, x, y = b"", 0.0, 0.0, 0.0
    for found in _SHOWN.finditer(stream):
        if found["font"]:
            font, size = found["font"], float(found["size"])
        elif found["x"]:
            x, y = float(found["x"]), float(found["y"])
        else:
            codes = _unescaped(found["text"])
            yield Text(x, y, size, "".join(letters[font][code] for code in codes))


def _letters(objects: Mapping[int, bytes], number: int) -> dict[int, str]:
    """What each byte means in a font: the table that a reader copies text by."""
    link = re.search(rb"/ToUnicode (\d+) 0 R", objects[number])
    assert link is not None
    table = _unpacked(objects[int(link[1])])
    return {int(code, 16): chr(int(point, 16)) for code, point in _PAIR.findall(table)}


def _unpacked(body: bytes) -> bytes:
    stream = _STREAM.search(body)
    assert stream is not None
    packed = stream[1]
    if b"/ASCII85Decode" in body[: stream.start()]:
        packed = base64.a85decode(packed.strip().removesuffix(b"~>"))
    return zlib.decompress(packed)


def _unescaped(text: bytes) -> bytes:
    def meant(found: re.Match[bytes]) -> bytes:
        word = found[1]
        if word.isdigit():
            return bytes([int(word, 8)])
        return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}.get(word, word)

    return re.sub(rb"\\([0-7]{1,3}|.)", meant, text, flags=re.DOTALL)
