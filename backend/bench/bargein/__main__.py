"""Is the agent interrupted by what should interrupt it, and by nothing else? Labelled cases, scored from the sound.

    python -m bench.bargein                        the cases in virtual time, with every preset
    python -m bench.bargein --presets empathetic-coach --cases backchannel far-14
    python -m bench.bargein --more                 other cases, in other voices; nothing is written
    python -m bench.bargein --live [--quick]       in real calls: about an hour for everything, eight cases with --quick
    python -m bench.bargein --stub                 with stand-ins: how fast the detection is, and what it costs
    python -m bench.bargein --list                 the cases and what each preset should make of them

Exit status 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Final

from bench.bargein.cases import CASES, MORE_CASES, PRESETS, choose_cases, load_cases
from bench.bargein.guide import save_results
from bench.bargein.live import run_live
from bench.bargein.offline import PROBE_SECONDS
from bench.bargein.report import bars_of, print_report
from bench.bargein.runner import run_cases
from bench.bargein.stub import measure_stub
from bench.bargein.voices import PACKAGES, missing_engines

QUICK: Final = ("stop-1", "question-over-echo", "already-know", "yeah-1", "right-1", "cough-1", "typing-2", "pause-1.0")
"""A few of each kind, for a look."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--more", action="store_true", help="the cases of more_cases.toml")
    parser.add_argument("--presets", nargs="+", choices=PRESETS, default=list(PRESETS))
    parser.add_argument("--cases", nargs="+", default=[], help="ids or tags")
    parser.add_argument("--probe-ms", type=float, default=PROBE_SECONDS * 1000, help="what a look at the words takes")
    parser.add_argument("--live", action="store_true")
    parser.add_argument("--stub", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--at-once", type=int, default=2, help="live: so many calls at the same time")
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--keep", type=Path, help="write both directions of each case there, as stereo files")
    parser.add_argument("--write", action="store_true", help="these presets' bars go to results.json and the guide")
    parser.add_argument("--json", type=Path, help="write each result there")
    arguments = parser.parse_args()
    if arguments.more and (arguments.write or arguments.quick or arguments.stub):
        parser.error("--more is for a look: nothing of it is written, and none of it is quick or with stand-ins")
    listed = load_cases(MORE_CASES if arguments.more else CASES)
    cases = choose_cases(listed, wanted=QUICK if arguments.quick else arguments.cases)
    if arguments.list:
        for case in cases:
            expected = " ".join(case.expect.values())
            print(f"{case.id:<24} {case.tag:<16} {case.words or case.sound or 'echo':<60} {expected}")
        return 0
    if arguments.stub:
        bars = measure_stub()
        print("\n".join(bar.told() for bar in bars))
        if arguments.write:
            save_results("stub", {"helpful-assistant": bars})
        return min(1, sum(not bar.is_met for bar in bars))
    missing = missing_engines(cases)
    for engine, ids in missing.items():
        print(f"{len(ids)} cases are left out, Debian's {PACKAGES[engine]} is not installed: {' '.join(ids)}")
    left_out = {name for ids in missing.values() for name in ids}
    cases = tuple(case for case in cases if case.id not in left_out)
    if arguments.live:
        results = run_live(cases, arguments.presets, at_once=arguments.at_once, kept_in=arguments.keep)
    else:
        results = run_cases(
            cases,
            arguments.presets,
            probe_seconds=arguments.probe_ms / 1000,
            processes=arguments.processes,
            kept_in=arguments.keep,
        )
    if arguments.json:
        arguments.json.write_text(json.dumps([result.to_json() for result in results], indent=1))
    missed = print_report(results)
    if arguments.write:
        measured = {preset: bars_of(preset, results) for preset in arguments.presets}
        save_results("live" if arguments.live else "offline", measured)
    return min(1, missed)


if __name__ == "__main__":
    raise SystemExit(main())
