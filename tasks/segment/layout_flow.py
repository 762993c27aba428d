"""Which blocks make an article, and in which order they are read.

Each block is led on to the one that most likely continues it: by where both stand, by whether
the sentence and the paragraph run on, and by the headline over them.  A headline heads one
article; blocks under it, and blocks that these lead to, are its body.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tasks.segment.layout_columns import INDENT, Block
from tasks.segment.layout_headlines import Stack
from tasks.segment.layout_lines import Box, is_signature, opens_article

NEAR = 5.0  #: lines; what begins further below a headline that has text under it is not under it
LINKED = 1.5  #: a pair that scores less is not read one after the other


class Signs:
    """What says how a region's blocks follow one another: ids of those that begin an article, that sign one, and that
    begin the columns beside a headline; whether first lines of paragraphs are set further in (some papers set them flush)."""

    def __init__(self, blocks: list[Block], covers: dict[int, Stack], pitch: float) -> None:
        self.starts = {id(block) for block in blocks if block.indented and opens_article(block.lines[0].text)}
        self.signatures = {
            id(block)
            for block in blocks
            if len(block.lines) <= 2
            and is_signature(block.text)
            and not any(0 <= other.y0 - block.y1 <= 1.5 * pitch and other.beside(block) > 0.3 for other in blocks)  # a byline heads text
        }
        lines = sum(len(block.lines) for block in blocks)
        insets = ((line.x0 - block.left) / block.size for block in blocks for line in block.lines if not line.crosshead)
        self.beside = {
            id(other)
            for block in blocks
            if (head := covers.get(id(block))) is not None and not head.vertical and head.y1 > block.y0 + 0.5 * pitch
            for other in _row(block, blocks, covers, pitch)
        }
        self.indents = 60 * sum(INDENT < inset <= 2.6 for inset in insets) >= lines


def _row(first: Block, blocks: list[Block], covers: dict[int, Stack], pitch: float) -> list[Block]:
    """``first`` and the columns at its right that begin level with it and have no headline of their own."""
    row = [first]
    for block in sorted(blocks, key=lambda block: block.x0):
        beside = 0 <= block.x0 - row[-1].x1 <= 4 * block.size and abs(block.y0 - first.y0) <= 0.5 * pitch
        if beside and id(block) not in covers:
            row.append(block)
    return row


@dataclass(slots=True, eq=False)
class Flow:
    """One article: its headline, if it has one, and its blocks in reading order."""

    stack: Stack | None
    blocks: list[Block] = field(default_factory=list)


def flows(heads: list[Stack], blocks: list[Block], others: list[Box], pitch: float) -> list[Flow]:
    """Articles of one region.  ``others`` are things that stand between."""
    covers = _covers(heads, blocks, pitch)
    signs = Signs(blocks, covers, pitch)
    owner: dict[int, Stack | None] = {id(block): covers.get(id(block)) for block in blocks}
    group = {id(block): [block] for block in blocks}
    for head in heads:
        covered = [block for block in blocks if covers.get(id(block)) is head]
        for block in covered[1:]:
            _merge(group, covered[0], block)
    pairs = []
    for a in blocks:
        for b in blocks:
            if a is not b:
                score = _score(a, b, blocks, heads, others, covers, pitch, signs)
                if score >= LINKED:
                    pairs.append((score, a, b))
    pairs.sort(key=lambda pair: (-pair[0], pair[1].x0, pair[1].y0, pair[2].x0))
    after: dict[int, Block] = {}
    before: dict[int, Block] = {}
    for _, a, b in pairs:
        if id(a) in after or id(b) in before or _leads(after, b, a):
            continue
        one = _owner_of(group, owner, a)
        two = _owner_of(group, owner, b)
        if one is not None and two is not None and one is not two:
            continue
        after[id(a)], before[id(b)] = b, a
        _merge(group, a, b)
    return _collected(heads, blocks, group, owner, after, before)


def _merge(group: dict[int, list[Block]], a: Block, b: Block) -> None:
    one, two = group[id(a)], group[id(b)]
    if one is not two:
        one.extend(two)
        for block in two:
            group[id(block)] = one


def _owner_of(group: dict[int, list[Block]], owner: dict[int, Stack | None], block: Block) -> Stack | None:
    return next((owner[id(other)] for other in group[id(block)] if owner[id(other)] is not None), None)


def _leads(after: dict[int, Block], start: Block, goal: Block) -> bool:
    at: Block | None = start
    while at is not None:
        if at is goal:
            return True
        at = after.get(id(at))
    return False


def _covers(heads: list[Stack], blocks: list[Block], pitch: float) -> dict[int, Stack]:
    """For each block that stands right under a headline (or beside a vertical one) that headline."""
    found: dict[int, Stack] = {}
    far: list[tuple[Block, Stack]] = []
    for block in blocks:
        over = [head for head in heads if not head.vertical and head.y1 <= block.y0 + 0.5 * pitch and head.beside(block) > 0.12]
        if not over:
            continue
        head = max(over, key=lambda one: one.y1)
        between = any(
            other is not block and other.y0 >= head.y1 - 0.5 * pitch and other.y1 <= block.y0 + 0.5 * pitch and other.beside(block) > 0.12
            for other in blocks
        )
        if between:
            continue
        if block.y0 - head.y1 <= NEAR * pitch:
            found[id(block)] = head
        else:
            far.append((block, head))
    for head in heads:
        if head.vertical or not any(cover is head for cover in found.values()):
            beside = _beside(head, [block for block in blocks if id(block) not in found], blocks, heads, pitch)
            if beside is not None:
                found[id(beside)] = head
    near = {id(head) for head in found.values()}
    for block, head in far:  # a picture may stand between a headline and all of its text
        if id(head) not in near and id(block) not in found and block.y0 - head.y1 <= 6 * NEAR * pitch:
            found[id(block)] = head
    return found


def _beside(head: Stack, free: list[Block], blocks: list[Block], heads: list[Stack], pitch: float) -> Block | None:
    """The block that a headline at its side heads: the nearest to the right, else to the left, that begins level with it."""
    last = max(head.y1, head.y0 + 4 * pitch) if head.vertical else head.y1 + 2.5 * pitch
    level = [block for block in free if head.y0 - 2.5 * pitch <= block.y0 <= last]
    right = [block for block in level if block.x0 >= min(head.x1, head.x0 + 1.3 * head.size) - 0.5 * pitch]
    left = [block for block in level if block.x1 <= head.x0 + 0.5 * pitch] if head.vertical else []
    right.sort(key=lambda block: (block.x0 - head.x1, block.y0))
    left.sort(key=lambda block: (block.x0, block.y0))
    for block in [*right, *left]:
        gap = Box(min(head.x1, block.x1), head.y0, max(head.x0, block.x0), min(head.y1, block.y1))
        walls = [*(other for other in blocks if other is not block), *(other for other in heads if other is not head)]
        if block in left or not any(wall.beside(gap) > 0.3 and wall.level(gap) > 0.3 for wall in walls):
            return block
    return None


def _continuity(a: Block, b: Block, signs: Signs) -> float:
    """How well the words of ``b`` follow those of ``a``: paragraphs and sentences that run on or stop."""
    if id(b) in signs.starts:
        return -4.0
    if id(b) in signs.signatures and a.closed:
        return 2.0
    if not a.open and not signs.indents:
        return 0.3 if a.closed else -1.5
    if not a.open:
        return 0.6 if b.indented else (-3.0 if a.closed else -1.5)
    if a.closed:
        return 0.3 if b.indented else 0.5
    if b.indented:  # after a crosshead, or not at all
        return -0.5 if a.begins(a.lines[-1]) else -3.0
    return 3.0


def _score(
    a: Block,
    b: Block,
    blocks: list[Block],
    heads: list[Stack],
    others: list[Box],
    covers: dict[int, Stack],
    pitch: float,
    signs: Signs,
) -> float:
    """How likely ``b`` is read right after ``a``."""
    if abs(a.size - b.size) > 0.12 * max(a.size, b.size):
        return -9.0
    below = b.y0 >= a.y1 - 0.5 * pitch and a.beside(b) > 0.5
    if not below and b.x0 < a.x1 - 1.5 * a.size:
        return -9.0
    if below and id(b) in signs.beside:
        return -9.0
    one, two = covers.get(id(a)), covers.get(id(b))
    if one is not None and two is not None and one is not two:
        return -9.0
    score = _continuity(a, b, signs)
    if score <= -2.5 and one is not two:
        return -9.0
    if one is not None and one is two:
        score += 2.0
    if below:
        return score + _downward(a, b, blocks, heads, others, pitch)
    return score + _onward(a, b, blocks, heads, others, pitch, signs)


def _downward(a: Block, b: Block, blocks: list[Block], heads: list[Stack], others: list[Box], pitch: float) -> float:
    gap = Box(max(a.x0, b.x0), a.y1, min(a.x1, b.x1), b.y0)
    if any(
        gap.beside(other) > 0.1 and a.y1 - 1 <= other.y0 and other.y1 <= b.y0 + 1
        for other in [*blocks, *heads]
        if other is not a and other is not b
    ):
        return -9.0
    filled = sum(other.y1 - other.y0 for other in others if gap.beside(other) > 0.5 and a.y1 - 2 <= other.y0 and other.y1 <= b.y0 + 2)
    lines = (b.y0 - a.y1 - filled) / pitch
    score = 1.5 if lines <= 1.6 else 0.8 if lines <= 3.2 else -0.5
    edges = abs(a.left - b.left) <= 0.8 * a.size and abs(a.right - b.right) <= 1.6 * a.size
    return score + (1.0 if edges else -0.3)


def _goes_on_below(a: Block, b: Block, blocks: list[Block], heads: list[Stack], others: list[Box], pitch: float, signs: Signs) -> bool:
    """Whether the column of ``a`` goes on right below it, or below a picture no wider than the column."""
    for block in blocks:
        if block is a or block is b or id(block) in signs.beside or block.y0 < a.y1 - 1:
            continue
        if abs(block.left - a.left) > a.size or abs(block.size - a.size) > 0.06 * a.size:
            continue
        gap = Box(a.x0, a.y1, a.x1, block.y0)
        if any(
            gap.beside(one) > 0.1 and a.y1 - 1 <= one.y1 <= block.y0 + 1 for one in [*heads, *blocks] if one is not a and one is not block
        ):
            continue
        filling = [o for o in others if gap.beside(o) > 0.5 and a.y1 - 2 <= o.y0 and o.y1 <= block.y0 + 2]
        filled = sum(o.y1 - o.y0 for o in filling)
        if block.y0 - a.y1 - filled <= 2.0 * pitch and all(o.width <= 1.3 * (a.right - a.left) for o in filling):
            return True
    return False


def _onward(a: Block, b: Block, blocks: list[Block], heads: list[Stack], others: list[Box], pitch: float, signs: Signs) -> float:
    gutter = (b.left - a.right) / a.size
    if gutter > 60 or b.y0 > a.y1 + 4 * pitch:
        return -9.0
    lane = Box(a.x1, a.y0, b.x0, max(a.y1, a.y0 + 1))
    gutter -= sum(o.width for o in others if o.x0 >= a.x1 - 1 and o.x1 <= b.x0 + 1 and o.level(lane) > 0.3) / a.size
    if gutter > 30:
        return -9.0
    walls = [
        other
        for other in [*blocks, *heads]
        if other is not a and other is not b and other.x0 >= a.x1 - a.size and other.x1 <= b.x0 + a.size
    ]
    if any(wall.level(lane) > 0.3 and wall.level(b) > 0.1 for wall in walls):
        return -9.0
    if _goes_on_below(a, b, blocks, heads, others, pitch, signs):
        return -2.5
    top = a.y0 if id(a) in signs.beside else _top(a, blocks, heads, others, pitch)
    score = 0.5 if gutter <= 3.2 else -0.3 if gutter <= 8 else -1.5
    lag = (b.y0 - top) / pitch
    if lag > 1.6:  # a picture or a box may stand over the column
        lag = min(lag, max(0.8, (_top(b, [], heads, others, pitch) - top) / pitch))
    if abs(lag) <= 0.7:
        score += 2.0
    elif abs(lag) <= 1.6:
        score += 1.2
    elif lag < 0:
        score -= 2.0 if lag > -12 else 3.0
    else:
        score -= 0.6 if lag <= 5 else 2.5
    if b.y1 <= a.y1 + 1.2 * pitch:
        score += 0.5
    wide = (b.right - b.left) / max(a.right - a.left, 1.0)
    if len(a.lines) > 2 and len(b.lines) > 2:
        score += 1.0 if 0.96 <= wide <= 1.04 else -1.0 if not 0.85 <= wide <= 1.18 else 0.0
    return score


def _top(block: Block, blocks: list[Block], heads: list[Stack], others: list[Box], pitch: float) -> float:
    """Top of the column that a block is the foot of: what stands over it with nothing but small gaps between."""
    top = block.y0
    aligned: list[Box] = [other for other in blocks if other is not block and abs(other.left - block.left) <= block.size]
    for other in sorted([*aligned, *(o for o in others if o.beside(block) > 0.5)], key=lambda other: -other.y1):
        if other.y1 <= top + 1 and top - other.y1 <= 2.5 * pitch:
            if not any(other.y1 - 1 <= head.y1 <= top + 1 and head.beside(block) > 0.1 for head in heads):
                top = min(top, other.y0)
    return top


def _collected(
    heads: list[Stack],
    blocks: list[Block],
    group: dict[int, list[Block]],
    owner: dict[int, Stack | None],
    after: dict[int, Block],
    before: dict[int, Block],
) -> list[Flow]:
    found: list[Flow] = []
    seen: set[int] = set()
    for block in blocks:
        members = group[id(block)]
        if id(members) in seen:
            continue
        seen.add(id(members))
        runs: list[list[Block]] = []
        for first in sorted((one for one in members if id(one) not in before), key=lambda one: (one.x0, one.y0)):
            run = [first]
            while id(run[-1]) in after:
                run.append(after[id(run[-1])])
            runs.append(run)
        found.append(Flow(_owner_of(group, owner, block), [one for run in runs for one in run]))
    headed = {id(flow.stack) for flow in found if flow.stack is not None}
    found.extend(Flow(head) for head in heads if id(head) not in headed)
    return found
