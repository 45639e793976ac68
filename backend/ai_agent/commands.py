"""What does the core ask of the shell? Frozen values in the imperative, done in order and answered by facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

LineName = Literal["greeting", "did_not_catch", "still_there", "apology", "goodbye"]
"""The persona's own fixed lines (`lines` in its configuration)."""

Speaker = Literal["user", "agent"]

BargeInDecision = Literal["suspected", "held", "accepted", "rejected"]
"""What is told of a candidate: the agent is ducked, is silent, has lost the floor, has it back."""


@dataclass(frozen=True, slots=True)
class TurnSound:
    """What was measured while the user spoke in one turn, before any conditioning."""

    energy_dbfs: float
    """How loud: the median of the frames in which there was speech. So are the next three."""
    noise_floor_dbfs: float
    snr_db: float
    spectral_flatness: float
    clipping_percent: float
    """The share of all samples in those frames that are at the rails."""


@dataclass(frozen=True, slots=True)
class TranscribeTurn:
    """The turn is over: transcribe all of it, in one call.

    `audio` is 48 kHz s16 mono, pre-roll included. Answered by `process_user_utterance` or `on_transcription_failed`.
    """

    utterance_id: str
    turn_id: str
    audio: bytes


@dataclass(frozen=True, slots=True)
class CancelTranscription:
    """Nobody waits for this utterance's transcript any more; a result that comes all the same is dropped."""

    utterance_id: str


@dataclass(frozen=True, slots=True)
class TranscribeProbe:
    """Transcribe the short clip of a barge-in candidate. Its words decide the interruption, never the turn.

    `audio` is 48 kHz s16 mono, at most `BargeInPolicy.max_probe_ms` of it. Answered by `on_probe_transcribed` or
    `on_probe_failed` with the same two names; an answer to an older look, or to another candidate, changes nothing.
    """

    candidate_id: str
    look: int
    """Which look at this candidate it is, from 1."""
    audio: bytes


@dataclass(frozen=True, slots=True)
class CancelProbe:
    """Nobody waits any more for the words of this candidate."""

    candidate_id: str


@dataclass(frozen=True, slots=True)
class PredictEndOfTurn:
    """Does this sound like the end of what somebody has to say? Answered by `on_end_of_turn_predicted`, or never.

    `audio` is 48 kHz s16 mono, the last seconds of the utterance, the silence so far included.
    """

    utterance_id: str
    audio: bytes


@dataclass(frozen=True, slots=True)
class GenerateReply:
    """Answer this transcript: language model, sentences, voice, speaker."""

    turn_id: str
    utterance_id: str
    transcript: str


@dataclass(frozen=True, slots=True)
class SpeakLine:
    """Say one of the persona's fixed lines as a reply of its own."""

    turn_id: str
    line: LineName


@dataclass(frozen=True, slots=True)
class SpeakWords:
    """Say exactly these words as the turn's reply: an interview is led by its rules, and no language model is asked."""

    turn_id: str
    words: str


@dataclass(frozen=True, slots=True)
class EvaluateAnswer:
    """What does this answer cover of its question? It is stored already.

    Answered by `on_answer_evaluated` or `on_evaluation_failed`, with the same two ids. `CancelReply` ends it too.
    """

    turn_id: str
    utterance_id: str
    question_id: str
    transcript: str


@dataclass(frozen=True, slots=True)
class SaveInterview:
    """Store where the interview stands, before anything that follows from it is done."""

    state: Mapping[str, object]
    """As `interviewer.packing` writes it: JSON."""


@dataclass(frozen=True, slots=True)
class InterviewChanged:
    """Tell the page how a question of the interview stands; fields as in `interview` on the wire."""

    index: int
    total: int
    stage: Literal["basic", "moderate", "advanced"]
    status: str
    score: int | None
    hint_given: bool


@dataclass(frozen=True, slots=True)
class CancelReply:
    """Stop working on this turn's reply: evaluation, model and voice. What is already queued is `CancelPlayback`'s."""

    turn_id: str


@dataclass(frozen=True, slots=True)
class CancelPlayback:
    """The next frame is silent and the queue is gone."""

    turn_id: str


@dataclass(frozen=True, slots=True)
class DuckPlayback:
    """Lower the agent's voice by `gain_db` (negative) within one frame."""

    gain_db: float


@dataclass(frozen=True, slots=True)
class HoldPlayback:
    """Freeze the playhead: fade to silence, keep everything that is queued."""

    fade_ms: int


@dataclass(frozen=True, slots=True)
class RestorePlayback:
    """Undo `DuckPlayback` and `HoldPlayback`: the full gain after `fade_ms`.

    After a hold the playhead goes back to the last pause or the start of a word, at most `rewind_ms`.
    """

    fade_ms: int
    rewind_ms: int = 0


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    """Tell the browser and the log whose move it is. `phase` and `previous` are `ConversationPhase` values.

    One for each transition. Equal ones announce the phase to a browser that has just connected.
    """

    phase: str
    previous: str
    turn_id: str | None
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class SpeakingChanged:
    """Tell the browser that somebody began or stopped speaking, and when: `at` may be a little in the past.

    For the user, `speaking=False` begins the silence that ends the turn, and `True` within it takes that back.
    """

    speaker: Speaker
    speaking: bool
    at: float


@dataclass(frozen=True, slots=True)
class OpenTurn:
    """Write the turn's row: the utterance is complete and about to be transcribed (or was typed).

    `started_at` is the onset of speech, `ended_at` the moment at which the turn was over.
    """

    turn_id: str
    utterance_id: str
    started_at: float
    ended_at: float
    sound: TurnSound | None = None
    """None for what was typed."""


@dataclass(frozen=True, slots=True)
class SupersedeUtterance:
    """The user went on speaking: this utterance's row stays, pointing at the one that holds all of it.

    Comes right after the `OpenTurn` of `superseded_by`. `turn_id` is the superseded one's: where its transcript was
    accepted already, the history forgets it, because the joined turn brings those words again.
    """

    utterance_id: str
    superseded_by: str
    turn_id: str


@dataclass(frozen=True, slots=True)
class AcceptTranscript:
    """Show and store what the user said; it enters the history."""

    turn_id: str
    utterance_id: str
    transcript: str


@dataclass(frozen=True, slots=True)
class CloseReply:
    """The reply is over. History keeps `heard_text`.

    `planned_text` is all whose sound was queued, and the rest of the sentence in which the user came in.
    """

    turn_id: str
    planned_text: str
    heard_text: str
    interrupted: bool
    at: float


@dataclass(frozen=True, slots=True)
class ProbeRecord:
    """One look at a candidate. Times are seconds of the call."""

    asked_at: float
    clip_ms: int
    answered_at: float | None = None
    """None: it failed, or nobody waited for it any more."""
    words: str = ""
    alternatives: tuple[str, ...] = ()
    """What the words may have been as well; a stop word among them counts."""
    avg_logprob: float | None = None
    no_speech_probability: float | None = None
    verdict: str = ""
    """What the words said: stop, carry_on or look_again; empty without an answer."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BargeInRecord:
    """Everything about one candidate, once it is decided. Times are seconds of the call, levels dBFS."""

    candidate_id: str
    """Becomes the `utterance_id` of the user's turn where the candidate is accepted."""
    turn_id: str | None
    """The reply over which it came."""
    onset_at: float
    suspected_at: float
    held_at: float | None
    decided_at: float
    decision: BargeInDecision
    reason: str
    voiced_ms: int
    level_dbfs: float
    """How loud it was: the median of its frames that are certainly speech."""
    noise_floor_dbfs: float
    echo_dbfs: float
    """How loud the agent's echo may have been at its onset."""
    caller_dbfs: float
    ducked_ms: int
    """So long the agent was lowered or silent for it."""
    lost_ms: int = 0
    """So much of the agent's speech was faded out and not said again, where it went on: whoever plays it knows."""
    probes: tuple[ProbeRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportBargeIn:
    """Tell the browser, the log and the records how far a bid for the floor has come."""

    candidate_id: str
    decision: BargeInDecision
    reason: str
    at: float
    reaction_ms: float
    """Since the onset of the candidate."""
    turn_id: str | None = None
    """The reply over which it came."""
    record: BargeInRecord | None = None
    """All of it, with the decision that ends it: accepted or rejected."""


@dataclass(frozen=True, slots=True)
class ThinkingChanged:
    """The silence count stands still until `until` (seconds of the call); None: it counts again."""

    until: float | None
    at: float


@dataclass(frozen=True, slots=True)
class ReportStaleResult:
    """A result came for an id that is not the active one, or was answered already; it changed nothing."""

    kind: Literal["transcript", "reply", "probe", "prediction", "evaluation"]
    dead_id: str
    active_id: str | None


@dataclass(frozen=True, slots=True)
class ReportTurn:
    """The turn's times in milliseconds, its level and noise; fields as in `turn_metrics` on the wire.

    `stt_ms`, `llm_first_token_ms` and `tts_first_audio_ms` follow one another: turn over → transcript → first token →
    first sound made. A persona's own lines are not reported; where no words were made out, there are no reply's times.
    """

    turn_id: str
    end_of_turn_ms: float | None = None
    stt_ms: float | None = None
    llm_first_token_ms: float | None = None
    tts_first_audio_ms: float | None = None
    first_sound_ms: float | None = None
    reply_latency_ms: float | None = None
    voice_to_voice_ms: float | None = None
    snr_db: float | None = None
    noise_floor_dbfs: float | None = None
    energy_dbfs: float | None = None
    spectral_flatness: float | None = None
    clipping_percent: float | None = None


@dataclass(frozen=True, slots=True)
class Notify:
    """Something the user should know, in plain words; `code` is stable for the page."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class EndCall:
    """The call is over: say so, close the line, write the reason."""

    reason: str


Command = (
    TranscribeTurn
    | CancelTranscription
    | TranscribeProbe
    | CancelProbe
    | PredictEndOfTurn
    | GenerateReply
    | SpeakLine
    | SpeakWords
    | EvaluateAnswer
    | SaveInterview
    | InterviewChanged
    | CancelReply
    | CancelPlayback
    | DuckPlayback
    | HoldPlayback
    | RestorePlayback
    | PhaseChanged
    | SpeakingChanged
    | ThinkingChanged
    | ReportBargeIn
    | OpenTurn
    | SupersedeUtterance
    | AcceptTranscript
    | CloseReply
    | ReportStaleResult
    | ReportTurn
    | Notify
    | EndCall
)
