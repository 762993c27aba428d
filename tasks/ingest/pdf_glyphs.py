"""One PDF page through PDFium: its glyphs, and the rules, frames, tints and pictures drawn on it.

Everything is turned into one frame of reference: points, from the page's top left corner as a
reader sees it (crop box and ``/Rotate`` applied).  Runs in the reader's worker process only.

Measured on the pages this was built with: PDFium's font size is right only after multiplying by
the text matrix; its loose boxes fall back to ink boxes for some glyphs of Type 3 fonts (what
browsers print), so the place of a glyph is its origin and a Chinese character is one em wide.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import hypot
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

INVISIBLE = (3, 7)  #: text render modes that paint nothing
STROKED = (1, 2, 5, 6)  #: render modes that draw the outline: how programs fake a bold face
BOLD_WEIGHT = 600
MARK_LIMIT = 4_000  #: a map or a chart drawn as thousands of paths tells nothing of the layout
OBJECT_LIMIT = 200_000
FORCE_BOLD = 1 << 18  #: font descriptor flag


class Glyph(NamedTuple):
    """One painted character: its origin, advance and size in points, and how it was set."""

    char: str
    x: float
    y: float  #: of the baseline
    advance: float
    size: float
    bold: bool
    turned: int  #: quarter turns clockwise of its writing direction: 0 upright
    order: int  #: place in the content stream


class Mark(NamedTuple):
    """A thing drawn that is not text; ``kind`` is ``rule``, ``frame``, ``tint`` or ``picture``."""

    kind: str
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class Printed:
    """What is on one page."""

    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    unmapped: int = 0  #: characters whose font says no Unicode


Turn = Callable[[float, float], tuple[float, float]]


def _turn(page: Any) -> tuple[float, float, Turn, int]:
    """Width, height, the map from user space to the page as seen, and its quarter turns.

    PDFium's own map is asked at three points: it knows which of a page's boxes counts, inherited or not.
    """
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    fine, far = 100, 1000.0
    x, y = ctypes.c_int(), ctypes.c_int()
    seen = []
    for px, py in ((0.0, 0.0), (far, 0.0), (0.0, far)):
        pdfium.FPDF_PageToDevice(page, 0, 0, round(width * fine), round(height * fine), 0, px, py, x, y)
        seen.append((x.value / fine, y.value / fine))
    (e, f), (ax, ay), (cx, cy) = seen
    a, b, c, d = (ax - e) / far, (ay - f) / far, (cx - e) / far, (cy - f) / far
    turns = pdfium.FPDFPage_GetRotation(page) % 4
    return width, height, lambda px, py: (a * px + c * py + e, b * px + d * py + f), turns


def _is_wide(code: int) -> bool:
    return 0x2E80 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0xFF01 <= code <= 0xFF60 or code >= 0x20000


class _Faces:
    """Whether text objects are bold or invisible; fonts are asked once each."""

    def __init__(self) -> None:
        self._fonts: dict[int, bool] = {}
        self._name = ctypes.create_string_buffer(256)

    def of(self, obj: Any) -> tuple[bool, bool]:
        mode = pdfium.FPDFTextObj_GetTextRenderMode(obj)
        font = pdfium.FPDFTextObj_GetFont(obj)
        bold = False
        if font:
            key = ctypes.addressof(font.contents)
            known = self._fonts.get(key)
            if known is None:
                known = self._fonts[key] = self._is_bold(font)
            bold = known
        return bold or mode in STROKED, mode in INVISIBLE

    def _is_bold(self, font: Any) -> bool:
        if pdfium.FPDFFont_GetFlags(font) & FORCE_BOLD and pdfium.FPDFFont_GetWeight(font) >= BOLD_WEIGHT:
            return True
        length = pdfium.FPDFFont_GetBaseFontName(font, self._name, 256)
        name = self._name.raw[: max(0, min(length, 256) - 1)].decode("utf-8", "replace").lower()
        return "bold" in name or "black" in name or "heavy" in name


def _glyphs(page: Any, text_page: Any, turn: Turn, turns: int, limit: int, out: Printed) -> None:
    count = pdfium.FPDFText_CountChars(text_page)
    if count > limit:
        raise OverflowError(count)
    faces = _Faces()
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    ox, oy = ctypes.c_double(), ctypes.c_double()
    get_code, get_size, get_matrix = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetFontSize, pdfium.FPDFText_GetMatrix
    get_origin, get_box, get_object = pdfium.FPDFText_GetCharOrigin, pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetTextObject
    visible: list[Glyph] = []
    hidden: list[Glyph] = []
    last_object, bold, unseen = 0, False, False
    size, wide, quarter = 0.0, 0.0, 0
    right, bottom = out.width + 1.0, out.height + 1.0
    high = 0
    for i in range(count):
        code = get_code(text_page, i)
        if code <= 32 or code == 0xFFFE:
            if code in (2, 0xFFFE):  # a hyphen at a line's end, which PDFium hides
                code = 45
            elif code == 0:
                out.unmapped += 1
                code = 0xFFFD
            elif pdfium.FPDFText_IsGenerated(text_page, i) == 1 or code != 32:
                continue
        elif 0xD800 <= code < 0xDC00:
            high = code
            continue
        elif 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        get_origin(text_page, i, ox, oy)
        x, y = turn(ox.value, oy.value)
        if not (-1.0 <= x <= right and -1.0 <= y <= bottom):
            continue
        obj = get_object(text_page, i)
        address = ctypes.addressof(obj.contents) if obj else 0
        if address != last_object or not address:  # all that one object paints is set alike
            last_object = address
            if address:
                bold, unseen = faces.of(obj)
            get_matrix(text_page, i, matrix)
            a, b = matrix.a, matrix.b
            scale = hypot(matrix.c, matrix.d) or hypot(a, b) or 1.0
            size = get_size(text_page, i) * scale
            wide = size * (hypot(a, b) / scale or 1.0)
            if abs(b) <= 0.3 * abs(a):
                quarter = (turns if a >= 0 else turns + 2) % 4
            else:
                quarter = (turns + (3 if b > 0 else 1)) % 4
        if size <= 0.0:
            continue
        if _is_wide(code):
            advance = wide
        else:
            get_box(text_page, i, box)
            advance = box.right - box.left if quarter % 2 == turns % 2 else box.top - box.bottom
            if not 0.0 < advance <= 1.2 * size:
                advance = 0.5 * size
        (hidden if unseen else visible).append(Glyph(chr(code), x, y, advance, size, bold, quarter, i))
    # The invisible text of a scanned page is its text layer; among visible text it is what nobody reads.
    out.glyphs = visible if len(visible) >= len(hidden) else hidden


def _mark(obj: Any, kind: int, rect: tuple[float, float, float, float], page: Printed) -> Mark | None:
    x0, y0, x1, y1 = rect
    width, height = x1 - x0, y1 - y0
    if x1 <= 0 or y1 <= 0 or x0 >= page.width or y0 >= page.height:
        return None
    if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        small, whole = min(width, height) < 12, width * height > 0.9 * page.width * page.height
        return None if small or whole else Mark("picture", x0, y0, x1, y1)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(obj, fill, stroke)
    if not fill.value and not stroke.value:
        return None
    if min(width, height) <= 3.5:
        return Mark("rule", x0, y0, x1, y1) if max(width, height) >= 20 else None
    if width < 30 or height < 12 or width * height > 0.97 * page.width * page.height:
        return None
    if stroke.value and not fill.value:
        return Mark("frame", x0, y0, x1, y1) if pdfium.FPDFPath_CountSegments(obj) <= 60 else None
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFPageObj_GetFillColor(obj, red, green, blue, alpha)
    if pdfium.FPDFPath_CountSegments(obj) >= 8:  # an outer and an inner outline: a border drawn as a filled path
        return Mark("frame", x0, y0, x1, y1)
    if alpha.value == 0 or (min(red.value, green.value, blue.value) >= 250 and not stroke.value):
        return None
    return Mark("frame" if stroke.value else "tint", x0, y0, x1, y1)


Matrix = tuple[float, float, float, float, float, float]
UNMOVED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _within(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _marks(objects: Iterator[Any], matrix: Matrix, turn: Turn, out: Printed, depth: int) -> None:
    sides = [ctypes.c_float() for _ in range(4)]
    a, b, c, d, e, f = matrix
    for obj in objects:
        kind = pdfium.FPDFPageObj_GetType(obj)
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            moved = pdfium.FS_MATRIX()
            if depth > 0 and pdfium.FPDFPageObj_GetMatrix(obj, moved):
                inner = (moved.a, moved.b, moved.c, moved.d, moved.e, moved.f)
                parts = (pdfium.FPDFFormObj_GetObject(obj, i) for i in range(min(pdfium.FPDFFormObj_CountObjects(obj), MARK_LIMIT)))
                _marks(parts, _within(inner, matrix), turn, out, depth - 1)
        elif kind in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE) and pdfium.FPDFPageObj_GetBounds(obj, *sides):
            left, bottom, right, top = (side.value for side in sides)
            xa, ya = turn(a * left + c * bottom + e, b * left + d * bottom + f)
            xb, yb = turn(a * right + c * top + e, b * right + d * top + f)
            mark = _mark(obj, kind, (min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)), out)
            if mark is not None:
                out.marks.append(mark)
        if len(out.marks) >= MARK_LIMIT:
            return


def read_printed(page: Any, char_limit: int) -> Printed:
    """Glyphs and marks of a loaded page (raw handle).  ``OverflowError`` above ``char_limit`` characters."""
    width, height, turn, turns = _turn(page)
    out = Printed(width, height)
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        return out
    try:
        _glyphs(page, text_page, turn, turns, char_limit, out)
    finally:
        pdfium.FPDFText_ClosePage(text_page)
    count = min(pdfium.FPDFPage_CountObjects(page), OBJECT_LIMIT)
    _marks((pdfium.FPDFPage_GetObject(page, i) for i in range(count)), UNMOVED, turn, out, 3)
    return out
