"""What came of one case with one persona? Its sound and its decisions, and what they are worth.

Times are seconds from the agent's first sound on; `None` stands where nothing happened.
"""

from __future__ import annotations

import wave
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from ai_agent.audio_format import SAMPLE_RATE_HZ
from bench.bargein.agent import reply_speech, word_ends
from bench.bargein.cases import Case, Expectation
from bench.bargein.microphone import LEAD_SECONDS, Microphone
from bench.bargein.score import Reaction, Sound, cover, react, words_off

REPLY_WAIT_SECONDS: Final = 2.4
"""The next reply cannot come sooner after the caller's last sound: an agent that is silent until then was stopped."""

MEASURED_SHARE: Final = 0.9
"""So much of a word in a turn's sound makes it that turn's."""

Verdict = Literal["right", "missed", "false_stop", "split", "answered_noise", "lost_words"]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was told of a candidate."""

    at: float
    decision: str
    reason: str
    words: tuple[str, ...] = ()
    """What its probes made out."""
    voiced_ms: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """What was transcribed as one turn of the caller's."""

    over_at: float
    audio: Sound
    superseded: bool = False
    """It was gone on from: another turn has all of it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case with one persona, as it was heard and told."""

    case: Case
    preset: str
    microphone: Microphone
    agent: Sound
    """What the caller heard; as long as `microphone.sound`."""
    decided: Sequence[Decided] = ()
    turns: Sequence[Turn] = ()
    history: str | None = None
    """The words of the interrupted reply that the history keeps; None where it was not interrupted."""
    replies: int = 0
    """Answers that were begun after the case's own reply."""
    playout_delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of one case with one persona."""

    id: str
    tag: str
    preset: str
    room: str
    expect: Expectation
    verdict: Verdict
    duck_ms: float | None = None
    silence_ms: float | None = None
    accepted_ms: float | None = None
    was_held: bool = False
    full_after_burst_ms: float | None = None
    full_after_verdict_ms: float | None = None
    lost_ms: float = 0.0
    repeated_ms: float = 0.0
    words_off: int | None = None
    in_turn: float | None = None
    """The share of the caller's active samples in the turn's sound."""
    beginning_in_turn: float | None = None
    turns: int = 0
    turn_end_ms: float | None = None
    story: str = ""
    """Each decision with its time, reason and words."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def keep(outcome: Outcome, folder: Path) -> None:
    """Both directions as a stereo file, left the caller, that a person can listen to."""
    folder.mkdir(parents=True, exist_ok=True)
    both = np.stack([outcome.microphone.sound, outcome.agent], axis=1)
    with wave.open(str(folder / f"{outcome.preset}.{outcome.case.id}.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(np.rint(np.clip(both, -1, 1) * 32767).astype("<i2").tobytes())


def assess(outcome: Outcome) -> Result:
    """What this outcome is worth."""
    case, expect = outcome.case, outcome.case.expect[outcome.preset]
    figures: dict[str, Any] = {}
    reaction = _reaction(outcome)
    if reaction is not None:
        figures |= _of_sound(outcome, reaction)
    figures |= _of_turns(outcome)
    return Result(
        id=case.id,
        tag=case.tag,
        preset=outcome.preset,
        room=case.room,
        expect=expect,
        verdict=_verdict(outcome, expect, reaction, figures),
        turns=len(outcome.turns),
        story=story(outcome.decided),
        **figures,
    )


def story(decided: Sequence[Decided]) -> str:
    """Each decision in a few words."""
    told = []
    for one in decided:
        words = f" [{' | '.join(one.words)}]" if one.words else ""
        voiced = f" {one.voiced_ms} ms" if one.voiced_ms else ""
        told.append(f"{one.at:.2f} {one.decision}: {one.reason}{voiced}{words}")
    return "; ".join(told)


def _reaction(outcome: Outcome) -> Reaction | None:
    case, microphone = outcome.case, outcome.microphone
    if case.is_about_turns:
        return None
    until = microphone.seconds if microphone.offset is None else microphone.offset + REPLY_WAIT_SECONDS
    onset = 0.05 if microphone.onset is None else microphone.onset
    return react(outcome.agent, reply_speech(case).sound, onset=LEAD_SECONDS + onset, until=LEAD_SECONDS + until)


def _of_sound(outcome: Outcome, reaction: Reaction) -> dict[str, Any]:
    microphone, decided = outcome.microphone, outcome.decided
    onset = microphone.onset
    figures: dict[str, Any] = {
        "was_held": any(one.decision == "held" for one in decided),
        "lost_ms": reaction.lost_ms,
        "repeated_ms": reaction.repeated_ms,
    }
    if onset is not None and microphone.offset is not None:
        figures["duck_ms"] = _ms(LEAD_SECONDS + onset, reaction.ducked_at)
        figures["silence_ms"] = _ms(LEAD_SECONDS + onset, reaction.silent_at)
        accepted = next((one.at for one in decided if one.decision == "accepted"), None)
        figures["accepted_ms"] = _ms(onset, accepted)
        if decided and not reaction.is_stopped and accepted is None:
            figures["full_after_burst_ms"] = _ms(LEAD_SECONDS + microphone.offset, reaction.full_again_at)
            rejected = [one.at for one in decided if one.decision == "rejected"]
            if figures["was_held"] and rejected:
                figures["full_after_verdict_ms"] = _ms(LEAD_SECONDS + rejected[-1], reaction.full_again_at)
    if outcome.history is not None and reaction.is_stopped:
        ends = word_ends(reply_speech(outcome.case))
        figures["words_off"] = words_off(
            outcome.history,
            ends,
            last_heard=reaction.last_heard - outcome.playout_delay,
            heard_until=reaction.heard_until - outcome.playout_delay,
        )
    return figures


def _of_turns(outcome: Outcome) -> dict[str, Any]:
    microphone = outcome.microphone
    kept = [turn for turn in outcome.turns if not turn.superseded]
    if not kept or microphone.offset is None or not outcome.case.words:
        return {}
    if any(one.decision == "rejected" for one in outcome.decided):  # what was rejected is not the turn's
        return {"turn_end_ms": _ms(microphone.offset, kept[0].over_at)}
    covered = cover(microphone.speech, kept[0].audio)
    return {
        "in_turn": covered.share,
        "beginning_in_turn": covered.beginning,
        "turn_end_ms": _ms(microphone.offset, kept[0].over_at),
    }


def _verdict(  # noqa: PLR0911  a table of expectations
    outcome: Outcome, expect: Expectation, reaction: Reaction | None, figures: dict[str, Any]
) -> Verdict:
    is_stopped = reaction is not None and reaction.is_stopped
    is_turn = bool(outcome.turns) and figures.get("in_turn", 1.0) >= MEASURED_SHARE
    match expect:
        case "stops":
            return "right" if is_stopped else "missed"
        case "answers":
            return "right" if is_turn else "missed"
        case "carries_on":
            return "false_stop" if is_stopped else "right"
        case "one_turn":
            if len(outcome.turns) != 1:
                return "split" if outcome.turns else "missed"
            return "right" if is_turn else "lost_words"
        case "no_reply":
            return "answered_noise" if outcome.replies else "right"
        case _:
            return "right"


def _ms(since: float | None, until: float | None) -> float | None:
    return None if since is None or until is None else round((until - since) * 1000, 1)
