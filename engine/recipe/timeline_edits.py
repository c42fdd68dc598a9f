"""What hands do to a timeline: every edit takes one and gives another, whose keys are in order again."""

from collections.abc import Callable, Collection, Iterable

from msgspec.structs import replace

from .easing import backwards
from .recipe import Recipe
from .timeline import GAP, MAX_KEYS, MAX_SECONDS, Key, Marker, Timeline

DEFAULT_SPAN = 2.0  # seconds to a key that is added at the end


def with_keys(timeline: Timeline, keys: Iterable[Key]) -> Timeline:
    """The timeline with these keys, sorted; those that would lie on one another are moved apart by GAP.

    Raises ValueError when there are too many, or they would reach beyond the longest time.
    """
    found: list[Key] = []
    for key in sorted(keys, key=lambda key: key.at):
        at = max(key.at, found[-1].at + GAP) if found else max(key.at, 0.0)
        found.append(key if at == key.at else replace(key, at=at))
    if len(found) > MAX_KEYS:
        raise ValueError(f"a timeline has at most {MAX_KEYS} keys")
    if found and found[-1].at > MAX_SECONDS:
        raise ValueError(f"a timeline is at most {MAX_SECONDS / 3600:g} hours long")
    return replace(timeline, keys=tuple(found))


def put_key(timeline: Timeline, at: float, recipe: Recipe) -> Timeline:
    """A key at a moment; one that lies there already gets the recipe. A new one goes on as the one before it does."""
    there = key_near(timeline, at, GAP)
    if there is not None:
        return change_keys(timeline, {there}, lambda key: replace(key, recipe=recipe))
    before = [key for key in timeline.keys if key.at < at]
    return with_keys(
        timeline, (*timeline.keys, replace(before[-1], at=at, recipe=recipe) if before else Key(at, recipe))
    )


def append_key(timeline: Timeline, recipe: Recipe, span: float = DEFAULT_SPAN) -> Timeline:
    """A key after the last one."""
    return put_key(timeline, timeline.keys[-1].at + span if timeline.keys else 0.0, recipe)


def split_at(timeline: Timeline, at: float) -> Timeline:
    """A key at a moment with what lies there, before any wandering and moving of the noise.

    Raises ValueError without any key.
    """
    return put_key(timeline, at, replace(timeline, wander=None, flow=0.0).at(at))


def change_keys(timeline: Timeline, chosen: Collection[int], change: Callable[[Key], Key]) -> Timeline:
    """Some keys changed, each by itself."""
    return with_keys(timeline, (change(key) if at in chosen else key for at, key in enumerate(timeline.keys)))


def move_keys(timeline: Timeline, chosen: Collection[int], seconds: float) -> Timeline:
    """Some keys earlier or later, together; the first of them stops at the beginning."""
    if not chosen:
        return timeline
    seconds = max(seconds, -min(timeline.keys[at].at for at in chosen))
    return change_keys(timeline, chosen, lambda key: replace(key, at=key.at + seconds))


def places_after(timeline: Timeline, chosen: Collection[int], seconds: float) -> frozenset[int]:
    """Which keys the chosen ones are, once they have been moved so."""
    seconds = max(seconds, -min((timeline.keys[at].at for at in chosen), default=0.0))
    moments = [key.at + seconds * (at in chosen) for at, key in enumerate(timeline.keys)]
    order = sorted(range(len(moments)), key=moments.__getitem__)
    return frozenset(order.index(at) for at in chosen)


def delete_keys(timeline: Timeline, chosen: Collection[int]) -> Timeline:
    """Without some keys."""
    return with_keys(timeline, (key for at, key in enumerate(timeline.keys) if at not in chosen))


def duplicate_keys(timeline: Timeline, chosen: Collection[int]) -> Timeline:
    """Copies of some keys, as far apart as they are, after the last key."""
    if not chosen:
        return timeline
    originals = [timeline.keys[at] for at in sorted(chosen)]
    shift = timeline.keys[-1].at + DEFAULT_SPAN - originals[0].at
    return with_keys(timeline, (*timeline.keys, *(replace(key, at=key.at + shift) for key in originals)))


def reverse(timeline: Timeline) -> Timeline:
    """The same way gone from its end to its beginning, every segment with its own time, path and easing."""
    keys = timeline.keys
    if not keys:
        return timeline
    total = keys[0].at + keys[-1].at
    turned = [replace(keys[-1], at=total - keys[-1].at)]
    for before, key in zip(keys[-2::-1], keys[:0:-1], strict=True):
        turned[-1] = _leaving(turned[-1], before)
        turned.append(replace(before, at=total - before.at))
        assert key.at > before.at
    turned[-1] = _leaving(turned[-1], keys[-1])  # the way back to the first key of a loop
    return with_keys(timeline, turned)


def _leaving(key: Key, as_in: Key) -> Key:
    return replace(key, ease=as_in.ease, path=as_in.path, curve=backwards(as_in.curve))


def key_near(timeline: Timeline, at: float, within: float) -> int | None:
    """The key that is nearest to a moment, when it is near enough."""
    found = min(range(len(timeline.keys)), key=lambda n: abs(timeline.keys[n].at - at), default=None)
    return found if found is not None and abs(timeline.keys[found].at - at) <= within else None


def put_marker(timeline: Timeline, at: float, text: str = "") -> Timeline:
    """A marker at a moment, or, where one lies there already, none."""
    others = tuple(marker for marker in timeline.markers if abs(marker.at - at) > GAP)
    if len(others) == len(timeline.markers) or text:
        others = tuple(sorted((*others, Marker(at, text)), key=lambda marker: marker.at))
    return replace(timeline, markers=others)


def snapped(timeline: Timeline, at: float, within: float, beats: Iterable[float] = ()) -> float:
    """A moment drawn to the nearest marker or beat that is near enough, else to the nearest frame."""
    marks = [*(marker.at for marker in timeline.markers), *beats]
    near = min(marks, key=lambda mark: abs(mark - at), default=None)
    if near is not None and abs(near - at) <= within:
        return near
    return max(round(at * timeline.fps) / timeline.fps, 0.0)
