"""Whether figures and words that stand side by side tell a number that none of them shows.

Everybody, the sides and the sector groups on one hand and the levels on the other are two ways of
adding up the same people. Together they are a network in which favourable answers flow: from
everybody to the levels, from a level to the sector groups of its people, from there to the sides
and back to everybody. What is shown in figures fixes a flow, what is shown in words bounds it. A
sum of flows that is not shown can be another number just when some ring of the network lets a
favourable answer go round it and changes the sum.

Gusfield, D. (1988). A graph theoretic approach to statistical data security. SIAM Journal on
Computing 17(3), 552-571. Flows through a network with whole bounds can always be taken whole, so
the answer is exact in whole people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

Node = str
Move = tuple[Node, Node, int]
"""One more favourable answer from a node to a node, through a link that holds it or gives it up."""


@dataclass(frozen=True)
class Link:
    """`favourable` answers from one node to another, of which a reader knows `low` to `high`."""

    start: Node
    end: Node
    favourable: int
    low: int
    high: int


def is_fixed(links: Iterable[Link], told: Collection[int]) -> bool:
    """True when a reader can work out how many favourable answers some links hold together.

    `told` are the places of those links. The links must make rings only, with as many favourable
    answers into each node as out of it. The reader is taken to know how many people answered, of
    each agency and level.

    >>> ring = [Link("all", "a", 3, 0, 9), Link("all", "b", 2, 0, 4)]
    >>> ring += [Link("a", "all", 3, 0, 9), Link("b", "all", 2, 0, 4)]
    >>> is_fixed(ring, [0])
    False
    """
    held = list(links)
    moves = [
        (start, end, sign if place in told else 0)
        for place, link in enumerate(held)
        for start, end, sign in _moves(link)
    ]
    return not _has_ring_that_lowers(moves) and not _has_ring_that_lowers(
        [(start, end, -change) for start, end, change in moves]
    )


def _moves(link: Link) -> list[Move]:
    moves = []
    if link.favourable < link.high:
        moves.append((link.start, link.end, 1))
    if link.favourable > link.low:
        moves.append((link.end, link.start, -1))
    return moves


def _has_ring_that_lowers(moves: list[Move]) -> bool:
    """True when going round some ring of moves makes a change under 0 (Bellman and Ford)."""
    nodes = {node for start, end, _ in moves for node in (start, end)}
    least = dict.fromkeys(nodes, 0)
    # With as many rounds as nodes, every way that is no ring has been gone.
    for _ in range(len(nodes) + 1):
        settled = True
        for start, end, change in moves:
            if least[start] + change < least[end]:
                least[end] = least[start] + change
                settled = False
        if settled:
            return False
    return True
