"""What did it sound like? Both directions of a case, recorded on one clock, and figures that come from nothing else.

    reply        |A hash table keeps its entries in an array, and a hash function …
    agent   ▇▇▇▇▇▇▇▇▇▃▃▃▃▁▁▁▁▁▁▁▁▇▇▇▇▇▇▇▇▇       stretches of the reply, found by correlation
    caller       . . . . m m - h m . . . .
                     │   │     └ offset
                     onset └ duck, silence

Everything is 48 kHz mono between −1 and 1; times are seconds of the recording. A level is that of 20 ms, each 10 ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.signal import fftconvolve

RATE_HZ: Final = 48_000
HOP: Final = 480
WINDOW: Final = 960

Sound = npt.NDArray[np.float64]

ACTIVE_DEPTH_DB: Final = 25.0
"""Of a sound, what is no more than this under its loudest."""
DUCKED_DB: Final = -6.0
"""An agent so far under its own reply is ducked."""
SILENT_DB: Final = -24.0
"""And so far under it, silent."""
FULL_DB: Final = -1.5
"""No further under it is as loud as before."""
SURE_HOPS: Final = 4
"""It is silent where the reply is not for at least so many hops."""
FULL_HOPS: Final = 8
LOW_HOPS: Final = 3
"""A dip that is shorter is the codec's: who lowers the agent does so for longer."""
SOUND_HOPS: Final = 8
"""What is audible for most of so many hops is more than the end of a fade."""
SEARCH_SECONDS: Final = 0.7
"""After a gap the reply is looked for so far before and after where it stopped."""
MATCH_SECONDS: Final = 0.5
LEAST_MATCH: Final = 0.4
"""A correlation under this is another sound."""

BLOCK: Final = 960
COVERED_MATCH: Final = 0.35
BRIDGED_BLOCKS: Final = 10
"""Sound that is found on both sides of so short a piece has that piece, too: it is too weak to be told."""
EDGE_BLOCKS: Final = 4
"""And so much beside what is found, where the transcribed sound goes on,"""
WEAK_DEPTH_DB: Final = 18.0
"""and all that is so far under the loudest: a breath, or the first "h", that drowns in a fan is there and not found."""


def levels_db(sound: Sound) -> Sound:
    """The level of the 20 ms around each 10 ms, in dBFS."""
    if len(sound) < WINDOW:
        return np.zeros(0)
    sums = np.concatenate([[0.0], np.cumsum(sound**2)])
    starts = np.arange(0, len(sound) - WINDOW + 1, HOP)
    return np.asarray(10 * np.log10((sums[starts + WINDOW] - sums[starts]) / WINDOW + 1e-12))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the reply as it was heard: from `start` to `stop` of the recording, and where it is in the reply."""

    start: int
    stop: int
    reply_start: int

    @property
    def reply_stop(self) -> int:
        return self.reply_start + self.stop - self.start


def find_stretches(agent: Sound, reply: Sound) -> list[Stretch]:
    """Which pieces of the reply were heard, and when. A duck ends no stretch, a silence that the reply has not does.

    What is heard and is no piece of the reply (the next one, say) ends the list.
    """
    agent_db, reply_db = levels_db(agent), levels_db(reply)
    active_db = reply_db.max() - ACTIVE_DEPTH_DB
    stretches: list[Stretch] = []
    reply_at = 0
    hop = _next_sound(agent_db, 0, active_db)
    while hop is not None:
        lag = _find(agent, hop * HOP, reply, reply_at)
        if lag is None:
            break
        silent = _silent_from(agent_db, reply_db, hop, lag, active_db)
        start = hop * HOP if stretches else max(0, min(hop * HOP, lag))  # a reply may begin softly
        stretches.append(Stretch(start, silent * HOP, start - lag))
        reply_at = silent * HOP - lag
        if reply_at >= len(reply) - WINDOW:
            break
        hop = _next_sound(agent_db, max(silent, hop + 1), active_db)
    return stretches


def _next_sound(agent_db: Sound, since: int, active_db: float) -> int | None:
    """Where something begins that lasts: the rest of a fade does not."""
    audible = agent_db > active_db - 6.0
    for hop in np.flatnonzero(audible[since:]) + since:
        if audible[hop : hop + SOUND_HOPS].mean() >= 0.75:
            return int(hop)
    return None


def _find(agent: Sound, start: int, reply: Sound, expected: int) -> int | None:
    """How much later than in the reply what begins at `start` is heard; None where it is not of the reply."""
    piece = agent[start : start + int(MATCH_SECONDS * RATE_HZ)]
    reach = int(SEARCH_SECONDS * RATE_HZ)
    low = max(0, expected - reach)
    place = reply[low : expected + reach + len(piece)]
    if len(place) < len(piece) // 2 or len(piece) < WINDOW:
        return None
    at, match = best_match(piece, place)
    return start - (low + at) if match >= LEAST_MATCH else None


def best_match(piece: Sound, place: Sound) -> tuple[int, float]:
    """Where in `place` the piece lies best, and how well: 1.0 is the same sound at any level.

    It may begin before the place, or end after it; what overhangs counts as not found.
    """
    padded = np.pad(place, len(piece))
    products = fftconvolve(padded, piece[::-1], mode="valid")
    sums = np.concatenate([[0.0], np.cumsum(padded**2)])
    power = sums[len(piece) :] - sums[: len(padded) - len(piece) + 1]
    floor = 1e-4 * np.mean(piece**2) * len(piece) + 1e-9
    matches = products / np.sqrt((power + floor) * (np.sum(piece**2) + 1e-9))
    at = int(np.argmax(matches))
    return at - len(piece), float(matches[at])


def _silent_from(agent_db: Sound, reply_db: Sound, hop: int, lag: int, active_db: float) -> int:
    """The first hop from which on the agent is silent where the reply is not; the end of both where it never is."""
    shift = round(lag / HOP)
    last = min(len(agent_db), len(reply_db) + shift)
    quiet_since, missed = None, 0
    for now in range(max(hop, shift), last):
        is_silent = agent_db[now] < max(reply_db[now - shift] + SILENT_DB, -60.0)
        is_active = reply_db[now - shift] > active_db
        if not is_active and agent_db[now] < active_db + SILENT_DB / 2:
            quiet_since = now if quiet_since is None else quiet_since
        elif is_active and is_silent:
            quiet_since = now if quiet_since is None else quiet_since
            missed += 1
            if missed >= SURE_HOPS:
                return _first_missed(agent_db, reply_db, quiet_since, shift, active_db)
        else:
            quiet_since, missed = None, 0
    return last


def _first_missed(agent_db: Sound, reply_db: Sound, since: int, shift: int, active_db: float) -> int:
    """The first hop that should have been heard: a pause of the reply before it is no silence of the agent's."""
    while reply_db[since - shift] <= active_db:
        since += 1
    return since


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the agent's sound did after the caller's onset. Seconds of the recording; None: it did not."""

    ducked_at: float | None
    silent_at: float | None
    """The first silence that the reply does not have."""
    stopped_at: float | None
    """The silence after which nothing of the reply came."""
    full_again_at: float | None
    """It was ducked or silent, and from here on as loud as the reply."""
    lost_ms: float
    """Of the reply, jumped over by an agent that went on."""
    repeated_ms: float
    heard_until: float
    """How much of the reply was heard, in seconds of it: what comes next was missed,"""
    last_heard: float
    """and this was the last that is no pause: nobody hears where in a pause it was cut."""
    began_at: float
    """When the first sample of the reply was heard."""

    @property
    def is_stopped(self) -> bool:
        return self.stopped_at is not None


def react(agent: Sound, reply: Sound, *, onset: float, until: float) -> Reaction | None:
    """What the agent did, from the sound alone; `until` is when the case is over. None where it never spoke."""
    agent = agent[: int(until * RATE_HZ)]
    stretches = find_stretches(agent, reply)
    if not stretches:
        return None
    agent_db, reply_db = levels_db(agent), levels_db(reply)
    gains = _gains(agent_db, reply_db, stretches)
    from_onset = round(onset * RATE_HZ / HOP)
    ducked = np.flatnonzero(gains[from_onset:] <= DUCKED_DB)
    breaks = [stretch.stop for stretch in stretches if stretch.stop >= onset * RATE_HZ]
    last = stretches[-1]
    was_cut = last.reply_stop < _last_active(reply_db) * HOP - SURE_HOPS * HOP and last.stop < len(agent) - WINDOW
    silences = [stop / RATE_HZ for stop in breaks if stop != last.stop or was_cut]
    ducked_at = (from_onset + int(ducked[0])) * HOP / RATE_HZ if len(ducked) else None
    if silences:
        ducked_at = min(silences[0], ducked_at) if ducked_at is not None else silences[0]
    jumps = [(later.reply_start - earlier.reply_stop) / RATE_HZ * 1000 for earlier, later in pairwise(stretches)]
    return Reaction(
        ducked_at=ducked_at,
        silent_at=silences[0] if silences else None,
        stopped_at=last.stop / RATE_HZ if was_cut else None,
        full_again_at=None if was_cut or ducked_at is None else _full_again(gains, from_onset),
        lost_ms=max([0.0, *jumps]),
        repeated_ms=max([0.0, *(-jump for jump in jumps)]),
        heard_until=last.reply_stop / RATE_HZ,
        last_heard=_last_heard(reply_db, last.reply_stop) / RATE_HZ,
        began_at=(stretches[0].start - stretches[0].reply_start) / RATE_HZ,
    )


def _last_heard(reply_db: Sound, reply_stop: int) -> int:
    """The end of the last audible hop before this sample of the reply."""
    active = np.flatnonzero(reply_db[: reply_stop // HOP] > reply_db.max() - ACTIVE_DEPTH_DB)
    return int(active[-1] + 1) * HOP if len(active) else 0


def _last_active(reply_db: Sound) -> int:
    return int(np.flatnonzero(reply_db > reply_db.max() - ACTIVE_DEPTH_DB)[-1])


def _gains(agent_db: Sound, reply_db: Sound, stretches: Sequence[Stretch]) -> Sound:
    """How far the agent is under its reply at each hop; NaN where the reply is too soft to tell.

    Where a word begins, a codec and a part of a hop make 10 dB: the softest of three hops is what it is compared with.
    """
    gains = np.full(len(agent_db), np.nan)
    active_db = reply_db.max() - ACTIVE_DEPTH_DB
    softest_db = np.minimum.reduce([reply_db, np.roll(reply_db, 1), np.roll(reply_db, -1)])
    for stretch in stretches:
        shift = round((stretch.start - stretch.reply_start) / HOP)
        for now in range(max(stretch.start // HOP, shift), min(stretch.stop // HOP, len(agent_db))):
            if now - shift < len(reply_db) and reply_db[now - shift] > active_db:
                gains[now] = agent_db[now] - softest_db[now - shift]
    for earlier, later in pairwise(stretches):
        gains[earlier.stop // HOP : later.start // HOP] = 2 * SILENT_DB
    return gains


def _runs(mask: npt.NDArray[np.bool_]) -> list[slice]:
    """Where it is true, from the first of each run to behind its last.

    >>> _runs(np.array([True, False, True, True]))
    [slice(0, 1, None), slice(2, 4, None)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [slice(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


def _full_again(gains: Sound, since: int) -> float | None:
    """When the agent is as loud as its reply after the last time that it was ducked, and stays so."""
    after = since
    for low in _runs(gains[since:] <= DUCKED_DB):
        if low.stop - low.start >= LOW_HOPS:
            after = since + low.stop - 1
    run = 0
    for now in range(after, len(gains)):
        if np.isnan(gains[now]):
            continue
        run = run + 1 if gains[now] >= FULL_DB else 0
        if run >= FULL_HOPS:
            known = [at for at in range(after, now + 1) if not np.isnan(gains[at]) and gains[at] >= FULL_DB]
            return known[-FULL_HOPS] * HOP / RATE_HZ
    return None


# ── the history, the turn's sound ─────────────────────────────────────────────────────────────────


def words_off(history: str, ends: Sequence[float], *, last_heard: float, heard_until: float) -> int:
    """By how many words the history is wrong: `ends` says when each word of the reply has ended.

    >>> words_off("one two", [0.3, 0.6, 0.9], last_heard=0.95, heard_until=1.2)
    -1
    >>> words_off("one two", [0.3, 0.6, 0.9], last_heard=0.85, heard_until=1.2)
    0
    """
    kept = len(history.split())
    least, most = (sum(end <= until for end in ends) for until in (last_heard, heard_until))
    return min(0, kept - least) + max(0, kept - most)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what the caller said is in the sound that was transcribed."""

    share: float
    """Of the caller's active samples."""
    beginning: float
    """Of those in the first 300 ms."""


def cover(speech: Sound, transcribed: Sound) -> Coverage:
    """`speech` is what the caller said, by itself. It is looked for piece by piece, and must come in order."""
    levels = 10 * np.log10(np.mean(_blocks(speech) ** 2, axis=1) + 1e-12)
    active, weak = levels > levels.max() - ACTIVE_DEPTH_DB, levels < levels.max() - WEAK_DEPTH_DB
    found = np.zeros(len(levels), dtype=bool)
    missing = active.copy()
    for _ in range(4):
        if not missing.any() or len(transcribed) < BLOCK:
            break
        run = _longest_run(missing)
        piece = speech[run.start * BLOCK : run.stop * BLOCK]
        at, match = best_match(piece, transcribed)
        if match < COVERED_MATCH:
            missing[run.start : run.stop] = False
            continue
        covered = _covered_at(speech, transcribed, at - run.start * BLOCK, weak) & active
        if not covered[run.start : run.stop].any():
            missing[run.start : run.stop] = False
        found |= covered
        missing &= ~found
    first = int(np.flatnonzero(active)[0])
    opening = active[first : first + 15]
    return Coverage(
        share=float((found & active).sum() / active.sum()),
        beginning=float((found[first : first + 15] & opening).sum() / opening.sum()),
    )


def _blocks(sound: Sound) -> Sound:
    return sound[: len(sound) // BLOCK * BLOCK].reshape(-1, BLOCK)


def _longest_run(mask: npt.NDArray[np.bool_]) -> slice:
    """Blocks from the first missing one of the longest piece to its last, gaps of up to 200 ms included."""
    runs: list[list[int]] = []
    for index in np.flatnonzero(mask):
        if runs and index - runs[-1][1] <= 10:
            runs[-1][1] = int(index)
        else:
            runs.append([int(index), int(index)])
    start, stop = max(runs, key=lambda run: run[1] - run[0])
    return slice(start, min(stop + 1, start + 150))


def _covered_at(speech: Sound, transcribed: Sound, lag: int, weak: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which blocks of `speech` are in `transcribed`, `lag` samples later, give or take 2 ms."""
    blocks = _blocks(speech)
    covered = np.zeros(len(blocks), dtype=bool)
    for number, block in enumerate(blocks):
        start = number * BLOCK + lag
        near = transcribed[max(0, start - 96) : start + BLOCK + 96]
        if len(near) < BLOCK // 2 or start + BLOCK // 2 < 0:
            continue
        piece = block[max(0, -start) :][: len(near)]
        if np.sum(piece**2) > 0:
            covered[number] = best_match(piece, near)[1] >= COVERED_MATCH
    return _bridged(covered, weak, first=-lag // BLOCK + 1, stop=(len(transcribed) - lag) // BLOCK)


def _bridged(
    covered: npt.NDArray[np.bool_], weak: npt.NDArray[np.bool_], *, first: int, stop: int
) -> npt.NDArray[np.bool_]:
    """With what lies between and just beside found blocks, and what is weak before them, as far as there is sound."""
    found = np.flatnonzero(covered)
    out = covered.copy()
    first, stop = max(first, 0), min(stop, len(covered))
    for earlier, later in pairwise(found):
        if later - earlier <= BRIDGED_BLOCKS:
            out[earlier:later] = True
    for block in found:
        out[max(block - EDGE_BLOCKS, first) : min(block + EDGE_BLOCKS + 1, stop)] = True
    for block in np.flatnonzero(out):
        while block > first and weak[block - 1] and not out[block - 1]:
            block -= 1
            out[block] = True
    return out
