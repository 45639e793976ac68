"""What does it cost, and how fast is it? Every measurement there is, one after the other.

    python -m bench               all of them (about three quarters of an hour on two cores that do nothing else)
    python -m bench calls …       one call and eight, with stand-ins, against a plain Channels and aiortc server
    python -m bench local …       with local models: from the end of the turn to the first sound
    python -m bench llm …         the language model: to the first token, from token to token; files by turns
    python -m bench stt …         the recogniser: words wrong, fall-backs, seconds; short window against full
    python -m bench bargein …     what may interrupt the agent and what may not: cases in virtual time, or --live
    python -m bench interview …   the interview's evaluator against people's grades
    python -m bench spoken …      a whole interview, spoken, over a real call: are its points those of the table?
    python -m bench speaker …     the drift of the agent's voice in real time
    python -m bench start …       ./setup.sh run, twice: seconds until it is up; does Ctrl-C leave nothing behind?

What follows the name goes to that measurement; `--help` there tells.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MEASUREMENTS = {
    "calls": ["bench.calls"],
    "local": ["bench.calls.local"],
    "llm": ["bench.local_llm"],
    "stt": ["bench.stt"],
    "bargein": ["bench.bargein"],
    "interview": ["bench.interview"],
    "spoken": ["bench.interview.spoken"],
    "speaker": ["bench.speaker_track"],
    "start": ["bench.start"],
}


def run(name: str, arguments: list[str]) -> int:
    """One measurement in a process of its own; its exit status."""
    module, *fixed = MEASUREMENTS[name]
    print(f"\n── {name} ──", flush=True)
    command = [sys.executable, "-m", module, *fixed, *arguments]
    return subprocess.run(command, cwd=Path(__file__).parents[1], check=False).returncode


def main() -> int:
    arguments = sys.argv[1:]
    if arguments and arguments[0] in MEASUREMENTS:
        return run(arguments[0], arguments[1:])
    if arguments:
        print(__doc__)
        return 0 if arguments[0] in {"-h", "--help"} else 2
    return max([run(name, []) for name in MEASUREMENTS])


if __name__ == "__main__":
    raise SystemExit(main())
