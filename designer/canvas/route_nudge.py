"""The last touch on lines: fewer crossings and steps, even spacing on sides and in channels."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence

from designer.canvas.route_grid import Cell, RouteGrid
from designer.canvas.route_legs import (
    Leg,
    Near,
    SideKey,
    conflicts,
    distance,
    legs_of,
    neighbours,
)
from designer.canvas.route_ways import Dock
from designer.canvas.route_wires import Wire
from designer.document.elements import ElementId

__all__ = ["nudge"]

#: The most lattice steps between two lines on a side.
APART_ON_SIDE = 6
#: A leg whose free channel is wider than this stays where it is.
WIDEST_CHANNEL = 26
#: A step of at most this many lattice steps is taken out where the lines allow it.
SMALL_STEP = 5
#: How far apart two legs may be that change places.
SWAP_REACH = 16
SWEEPS = 4


def nudge(
    grid: RouteGrid, docks: Mapping[ElementId, Sequence[Dock]], wires: Sequence[Wire]
) -> Iterator[None]:
    """Moves the legs of movable lines sideways on the lattice; no new overlap comes of it.

    Others may have their turn between its steps.
    """
    for axis in (1, 0, 1):
        legs: list[Leg] = []
        for wire in wires:
            legs += legs_of(grid, docks, wire, axis)
            yield
        legs.sort(key=_place)
        near = neighbours(legs)
        yield
        changed = yield from _uncross(legs, near, axis)
        if changed:
            legs.sort(key=_place)
            near = neighbours(legs)
            yield

        _relax(legs, near, _wishes(legs), axis)
        yield
        _take_out_steps(legs, near, axis)
        yield
        for wire in wires:
            if wire.movable:
                _drop_flat_corners(wire)


def _place(leg: Leg) -> int:
    return leg.place


def _room(legs: Sequence[Leg], near: Sequence[Near], leg: Leg) -> tuple[int, int]:
    """Where the leg may be, given where the others are."""
    low, high = leg.least, leg.most
    for other, apart, above in near:
        if above:
            high = min(high, legs[other].place - apart)
        else:
            low = max(low, legs[other].place + apart)
    return low, high


def _wishes(legs: Sequence[Leg]) -> dict[Leg, float]:
    """Where legs that start or end on a side would like to be: spread evenly about its middle."""
    sides: dict[SideKey, tuple[Dock, list[Leg]]] = {}
    for leg in legs:
        for key, dock in leg.sides:
            sides.setdefault(key, (dock, []))[1].append(leg)

    wishes: dict[Leg, list[float]] = {}
    for dock, group in sides.values():
        step = min((max(dock.tracks) - min(dock.tracks)) / len(group), APART_ON_SIDE)
        for rank, leg in enumerate(group):
            wish = dock.middle + (rank - (len(group) - 1) / 2) * step
            wishes.setdefault(leg, []).append(wish)
    return {leg: sum(found) / len(found) for leg, found in wishes.items()}


def _relax(
    legs: Sequence[Leg], near: Sequence[Sequence[Near]], wishes: Mapping[Leg, float], axis: int
) -> None:
    """Moves each leg towards its wish, or the middle of its channel, as far as others allow."""
    movable = [index for index, leg in enumerate(legs) if leg.least < leg.most]
    for sweep in range(SWEEPS):
        for index in movable if sweep % 2 == 0 else reversed(movable):
            leg = legs[index]
            low, high = _room(legs, near[index], leg)
            if low > high:
                continue

            wish = wishes.get(leg)
            if wish is not None:
                leg.move(axis, max(low, min(high, round(wish))))
            elif high - low <= WIDEST_CHANNEL:
                leg.move(axis, (low + high) // 2)


def _take_out_steps(legs: Sequence[Leg], near: Sequence[Sequence[Near]], axis: int) -> None:
    """Straightens small steps where the two legs beside one may meet."""
    places = {(leg.wire, leg.index): index for index, leg in enumerate(legs) if leg.wire}
    for index, leg in enumerate(legs):
        other = places.get((leg.wire, leg.index + 2)) if leg.wire is not None else None
        if other is None or abs(leg.place - legs[other].place) > SMALL_STEP:
            continue
        if distance(leg, legs[other]) is not None:
            continue

        low, high = _room(legs, near[index], leg)
        other_low, other_high = _room(legs, near[other], legs[other])
        low, high = max(low, other_low), min(high, other_high)
        if low <= high:
            middle = (leg.place + legs[other].place) // 2
            place = max(low, min(high, middle))
            leg.move(axis, place)
            legs[other].move(axis, place)


def _drop_flat_corners(wire: Wire) -> None:
    """Drops the corners at which nothing turns any more."""
    kept: list[Cell] = []
    for corner in wire.corners:
        if kept and corner == kept[-1]:
            continue
        if len(kept) > 1 and _in_line(kept[-2], kept[-1], corner):
            kept.pop()
        kept.append(corner)
    if len(kept) < len(wire.corners) and len(kept) > 1:
        wire.corners = kept
        wire.label_leg = -1


def _in_line(first: Cell, second: Cell, third: Cell) -> bool:
    return first[0] == second[0] == third[0] or first[1] == second[1] == third[1]


def _uncross(
    legs: Sequence[Leg], near: Sequence[Sequence[Near]], axis: int
) -> Generator[None, None, bool]:
    """Lets legs side by side change places where that saves a crossing of their lines."""
    changed = False
    for index in range(len(legs)):
        above = (other for other, _, is_above in near[index] if is_above)
        changed |= any(_swap(legs, near, index, other, axis) for other in above)
        yield
    return changed


def _swap(
    legs: Sequence[Leg], near: Sequence[Sequence[Near]], index: int, other: int, axis: int
) -> bool:
    """Swaps two legs; False, and nothing changed, where that may not be or saves nothing."""
    one, two = legs[index], legs[other]
    if one.wire is None or two.wire is None or one.wire is two.wire:
        return False
    if not 0 < two.place - one.place <= SWAP_REACH:
        return False

    before = conflicts(one.wire, two.wire)
    if not before or not _may_swap(legs, near, index, other):
        return False

    low, high = one.place, two.place
    one.move(axis, high)
    two.move(axis, low)
    if conflicts(one.wire, two.wire) < before:
        return True
    one.move(axis, low)
    two.move(axis, high)
    return False


def _may_swap(legs: Sequence[Leg], near: Sequence[Sequence[Near]], index: int, other: int) -> bool:
    """Whether both fit where the other is."""
    one, two = legs[index], legs[other]
    if two.place > one.most or one.place < two.least:
        return False

    apart = distance(two, one)
    if apart is not None and apart > two.place - one.place:
        return False
    return all(
        near_one in (index, other)
        or (legs[near_one].place - place if above else place - legs[near_one].place) >= gap
        for moved, place in ((index, two.place), (other, one.place))
        for near_one, gap, above in near[moved]
    )
