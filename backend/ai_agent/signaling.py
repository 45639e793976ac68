"""What is said over the WebSocket? Every message, both ways, as a model; the page's types are made from these."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

MAX_MESSAGE_BYTES = 64 * 1024
"""A longer message is answered with `error` and not read."""
MAX_USER_TEXT_CHARACTERS = 2_000
MAX_THINKING_SECONDS = 30

AgentPhase = Literal["WAIT_FOR_USER", "VALIDATING_UTTERANCE", "PROCESSING_USER", "AI_SPEAKING"]

CLOSE_NORMAL = 1000
CLOSE_NOT_SIGNED_IN = 4401
CLOSE_NO_SUCH_ROOM = 4404
CLOSE_TAKEN_OVER = 4409
CLOSE_AT_CAPACITY = 4429
CLOSE_RESTARTING = 1012
CLOSE_INTERNAL = 4500


_CONTROLS_AS_SPACES = {code: " " for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r"}


def _without_controls(text: Any) -> Any:
    """A text as it can be shown and kept: PostgreSQL takes no NUL, and nobody has typed the others on purpose."""
    return text.translate(_CONTROLS_AS_SPACES) if isinstance(text, str) else text


class Message(BaseModel):
    """One JSON object with a `type`. Unknown fields are refused, so that a typing error is seen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


# ── client → server ───────────────────────────────────────────────────────────────────────────────


class Offer(Message):
    type: Literal["offer"]
    sdp: str = Field(min_length=1, max_length=MAX_MESSAGE_BYTES)
    """How long it may really be says `MEDIA_MAX_SDP_BYTES`; a longer one is refused as `sdp_too_large`."""
    restart: bool = False
    """True: replace the peer connection of the running call."""


class IceCandidate(Message):
    type: Literal["ice-candidate"]
    candidate: str | None = Field(max_length=1_024)
    """`null` (or an empty string) ends the candidates."""
    sdp_mid: str | None = Field(default=None, max_length=64, alias="sdpMid")
    sdp_m_line_index: int | None = Field(default=None, ge=0, le=8, alias="sdpMLineIndex")
    username_fragment: str | None = Field(default=None, max_length=256, alias="usernameFragment")


class CancelTts(Message):
    type: Literal["cancel_tts"]


class EndTurn(Message):
    type: Literal["end_turn"]


class Thinking(Message):
    """ "Let me think": the silence count stands still until speech, `end_turn` or the time is over."""

    type: Literal["thinking"]
    seconds: float = Field(default=MAX_THINKING_SECONDS, gt=0, le=MAX_THINKING_SECONDS, allow_inf_nan=False)


class UserText(Message):
    type: Literal["user_text"]
    text: Annotated[str, BeforeValidator(_without_controls)] = Field(
        min_length=1, max_length=MAX_USER_TEXT_CHARACTERS, pattern=r"\S"
    )
    """Control characters in it count as spaces."""


class Playback(Message):
    type: Literal["playback"]
    state: Literal["started", "blocked"]
    playout_delay_ms: float | None = Field(default=None, ge=0, le=2_000, allow_inf_nan=False)


class MediaSettings(Message):
    type: Literal["media_settings"]
    echo_cancellation: bool
    noise_suppression: bool
    auto_gain_control: bool
    muted: bool
    push_to_talk: bool = False
    """The microphone is open only while a key is pressed: opening it takes the floor, closing it ends the turn."""


class EndCallRequest(Message):
    type: Literal["end_call"]


class Ping(Message):
    type: Literal["ping"]
    at: float = Field(allow_inf_nan=False)
    """The sender's own clock; comes back as it is."""


ClientMessage = Annotated[
    Offer | IceCandidate | CancelTts | EndTurn | Thinking | UserText | Playback | MediaSettings | EndCallRequest | Ping,
    Field(discriminator="type"),
]


# ── server → client ───────────────────────────────────────────────────────────────────────────────


class IceServer(Message):
    urls: list[str]
    username: str | None = None
    credential: str | None = None


class PersonaCard(Message):
    """What a page shows of a persona."""

    slug: str
    name: str
    role: str
    description: str
    shape: str
    manner: str
    manner_words: str
    adjusted: bool
    voice_words: str
    kind: Literal["conversation", "interview"]
    version: int
    language: str
    silence_duration_ms: int


class HistoryLine(Message):
    role: Literal["user", "assistant"]
    text: str
    turn_id: str
    at_ms: float
    heard_upto: int | None = None
    interrupted: bool = False


class Ready(Message):
    type: Literal["ready"] = "ready"
    room_id: str
    call_id: str
    persona: PersonaCard
    ice_servers: list[IceServer]
    resumed: bool
    history: list[HistoryLine]
    silence_duration_ms: int
    stand_ins: list[str] = []
    """Roles that a stand-in fills (`stt`, `llm`, `tts`); the page says so."""


class Answer(Message):
    type: Literal["answer"] = "answer"
    sdp: str


class AgentState(Message):
    type: Literal["agent_state"] = "agent_state"
    state: AgentPhase
    turn_id: str | None = None
    at_ms: float


class SpeakingState(Message):
    type: Literal["speaking_state"] = "speaking_state"
    speaker: Literal["user", "agent"]
    speaking: bool
    at_ms: float


class TranscriptLine(Message):
    type: Literal["transcript"] = "transcript"
    role: Literal["user", "assistant"]
    text: str
    """Empty where a line that was shown already is withdrawn: its reply was given up before any of it was heard."""
    utterance_id: str | None = None
    turn_id: str | None = None
    final: bool
    heard_upto: int | None = None
    """Characters of `text` that left for the ear."""
    interrupted: bool = False
    at_ms: float = 0.0
    supersedes: list[str] | None = None
    """Turns whose words this line holds too: the user had gone on speaking."""


class BargeIn(Message):
    """How far a bid for the floor has come. Every `suspected` is followed by `accepted` or `rejected`."""

    type: Literal["barge_in"] = "barge_in"
    candidate_id: str
    decision: Literal["suspected", "held", "accepted", "rejected"]
    reason: str
    reaction_ms: float | None = None
    """Since the onset of the candidate."""
    turn_id: str | None = None
    """The reply over which it came."""
    at_ms: float = 0.0


class ThinkingState(Message):
    """The user asked for time to think, in words or with the button; `until_ms` is absent when silence counts again."""

    type: Literal["thinking"] = "thinking"
    until_ms: float | None = None
    at_ms: float


class TurnMetrics(Message):
    type: Literal["turn_metrics"] = "turn_metrics"
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
    """How loud the user spoke."""
    spectral_flatness: float | None = None
    clipping_percent: float | None = None


class InterviewProgress(Message):
    """How one question of a scored interview stands: sent on every change, and for the present one on connecting.

    `done` without a score: it could not be scored.
    """

    type: Literal["interview"] = "interview"
    index: int
    """The question, from 1."""
    total: int
    stage: Literal["basic", "moderate", "advanced"]
    status: Literal["asking", "await_1", "eval_1", "hinting", "await_2", "eval_2", "done"]
    score: int | None = None
    """Points for this question, once it has them."""
    hint_given: bool


class Notice(Message):
    type: Literal["notice"] = "notice"
    code: str
    message: str


class ErrorMessage(Message):
    type: Literal["error"] = "error"
    code: str
    message: str
    recoverable: bool
    retry_after: float | None = None


class CallEnded(Message):
    type: Literal["call_ended"] = "call_ended"
    reason: str
    call_id: str


class Pong(Message):
    type: Literal["pong"] = "pong"
    at: float
    server_at_ms: float


ServerMessage = Annotated[
    Ready
    | Answer
    | AgentState
    | SpeakingState
    | TranscriptLine
    | BargeIn
    | ThinkingState
    | TurnMetrics
    | InterviewProgress
    | Notice
    | ErrorMessage
    | CallEnded
    | Pong,
    Field(discriminator="type"),
]

_CLIENT: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)
_SERVER: TypeAdapter[ServerMessage] = TypeAdapter(ServerMessage)


class MessageRefused(ValueError):
    """The message is not one that we know; `code` and the text are for the sender, and nothing has changed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def parse_client_message(raw: str) -> ClientMessage:
    """Read one message of the browser.

    Raises:
        MessageRefused: too large, not JSON, not an object, an unknown type or a bad shape.
    """
    if len(raw.encode()) > MAX_MESSAGE_BYTES:
        raise MessageRefused("message_too_large", f"A message may hold {MAX_MESSAGE_BYTES // 1024} KiB.")
    try:
        payload = json.loads(raw)
    except (ValueError, RecursionError):
        raise MessageRefused("not_json", "A message is one JSON object.") from None
    if not isinstance(payload, dict) or not isinstance(payload.get("type"), str):
        raise MessageRefused("no_type", "A message is one JSON object with a `type`.")
    try:
        return _CLIENT.validate_python(payload)
    except ValidationError as error:
        raise MessageRefused(*_explain(error)) from None


def parse_server_message(raw: str) -> ServerMessage:
    """Read one message of the server: for tests and native clients."""
    return _SERVER.validate_json(raw)


def encode(message: Message) -> str:
    """One message as JSON, absent values left out."""
    return message.model_dump_json(by_alias=True, exclude_none=True)


def message_schemas() -> dict[str, Any]:
    """JSON Schema components of every message, for the OpenAPI document that the page's types are made from."""
    components: dict[str, Any] = {}
    for name, adapter in (("ClientMessage", _CLIENT), ("ServerMessage", _SERVER)):
        mode: Literal["validation", "serialization"] = "validation" if name == "ClientMessage" else "serialization"
        schema = adapter.json_schema(ref_template="#/components/schemas/{model}", mode=mode)
        components.update(schema.pop("$defs"))
        components[name] = schema
    return components


def _explain(error: ValidationError) -> tuple[str, str]:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "union_tag_invalid":
        return "unknown_type", "This server does not know that `type`."
    where = ".".join(str(part) for part in first["loc"][1:]) or "message"
    return "bad_shape", f"{where}: {first['msg']}"
