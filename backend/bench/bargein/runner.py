"""All the cases in virtual time, in several processes, as quickly as can be.

What comes before a case is the same for all in one kind of room: it is played once, and the process then forks for each
case. On one process without forking, every case plays it by itself.
"""

from __future__ import annotations

import os
import pickle
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from bench.bargein.agent import REPLIES, speech_of, word_ends
from bench.bargein.cases import Case
from bench.bargein.microphone import preamble_dbfs
from bench.bargein.offline import PROBE_SECONDS, OfflineCall, prepared, run_case
from bench.bargein.outcome import Result, assess, keep
from bench.bargein.recogniser import SharedRecogniser

CASES_A_GROUP: Final = 24


@dataclass(frozen=True, slots=True)
class Group:
    """Cases before which the same has happened."""

    preset: str
    cases: tuple[Case, ...]
    probe_seconds: float
    kept_in: Path | None


def run_cases(
    cases: Sequence[Case],
    presets: Sequence[str],
    *,
    probe_seconds: float = PROBE_SECONDS,
    processes: int = 2,
    kept_in: Path | None = None,
) -> list[Result]:
    """Every case with every persona; in the order of personas and cases."""
    for text in REPLIES.values():
        word_ends(speech_of(text))
    word_ends(speech_of(REPLIES["long"], is_line=True))
    groups = sorted(_groups(cases, presets, probe_seconds, kept_in), key=lambda group: -len(group.cases))
    if hasattr(os, "fork"):
        context = get_context("fork")
        with ProcessPoolExecutor(processes, mp_context=context, initializer=_share_recogniser) as pool:
            results = [result for some in pool.map(_run_group, groups) for result in some]
    else:
        results = [_run_one(group, case) for group in groups for case in group.cases]
    order = {case.id: number for number, case in enumerate(cases)}
    return sorted(results, key=lambda result: (list(presets).index(result.preset), order[result.id]))


def _groups(cases: Sequence[Case], presets: Sequence[str], probe_seconds: float, kept_in: Path | None) -> list[Group]:
    def before(case: Case) -> tuple[object, ...]:
        return (case.new, case.room, case.snr, preamble_dbfs(case), str(case.echo))

    groups = []
    for preset in presets:
        for _, alike in groupby(sorted(cases, key=lambda case: str(before(case))), key=before):
            same = tuple(alike)
            groups += [
                Group(preset, same[start : start + CASES_A_GROUP], probe_seconds, kept_in)
                for start in range(0, len(same), CASES_A_GROUP)
            ]
    return groups


def _share_recogniser() -> None:
    OfflineCall.recogniser = SharedRecogniser()


def _run_group(group: Group) -> list[Result]:
    call = prepared(group.cases[0], group.preset, probe_seconds=group.probe_seconds)
    return [_in_child(lambda case=case: _run_one(group, case, call)) for case in group.cases]  # type: ignore[misc]


def _run_one(group: Group, case: Case, call: OfflineCall | None = None) -> Result:
    outcome = run_case(case, group.preset, call=call, probe_seconds=group.probe_seconds)
    if group.kept_in is not None:
        keep(outcome, group.kept_in)
    return assess(outcome)


def _in_child(do: Callable[[], Result]) -> Result:
    """What it gives, done by a copy of this process: here nothing has happened."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with os.fdopen(writer, "wb") as file:
                pickle.dump(do(), file)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        said = file.read()
    os.waitpid(child, 0)
    if not said:
        raise RuntimeError("a case broke off: its error is above")
    result: Result = pickle.loads(said)  # noqa: S301  our own child's
    return result
