"""Which calls does this process hold? Opening one, handing one over to a newer socket, draining all of them.

The table here serves this process only: what another process needs to go on with a call is in its rows.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from channels.layers import get_channel_layer
from django.conf import settings

from ai_agent import call_store, interview_store, log_markers, process_store, signaling
from ai_agent.ai_orchestrator import AIOrchestrator
from ai_agent.answer_evaluation import AnswerEvaluator, embed_or_none
from ai_agent.audio_conditioning import AudioConditioner, ConditioningConfig
from ai_agent.call_media import LaidLine, MediaSettings
from ai_agent.call_records import OpenedCall, TurnRecord
from ai_agent.call_refusals import AtCapacity, InterviewUnavailable
from ai_agent.call_session import CallSession, SessionSettings, Socket
from ai_agent.call_start import exchanges
from ai_agent.call_tape import OpenRecording
from ai_agent.interview_calls import Evaluator, InterviewCall, choose_questions, is_interview, plan_of
from ai_agent.interview_store import ChosenQuestions
from ai_agent.interviewer.lines import asked, greeting
from ai_agent.interviewer.question_bank import BankError
from ai_agent.live_providers.silero import load_speech_model
from ai_agent.live_providers.webrtc_suppression import WebRtcSuppression
from ai_agent.persona_script import PersonaScript, read_script
from ai_agent.process import THIS_PROCESS
from ai_agent.providers import Providers, build_providers
from ai_agent.quote_checking import QuoteChecker
from ai_agent.rate_limits import KeyedBuckets
from ai_agent.recording_endings import finish_recording
from ai_agent.recording_folders import call_folder
from ai_agent.recordings import CallRecording, RecordingWriter
from ai_agent.voice_activity import SpeechModel
from ai_agent.waiting_sockets import WaitingSocket, WaitingSockets
from ai_agent.webrtc import MediaLimits
from ai_agent.webrtc import warm_up as warm_up_media
from ai_personas.cards import persona_card, silence_duration_ms

logger = logging.getLogger(__name__)

_sessions: Final[dict[UUID, CallSession]] = {}
_waiting: Final = WaitingSockets()
_recording_writer: Final = RecordingWriter()
_offers: Final = KeyedBuckets(rate=settings.OFFERS_PER_MINUTE / 60, burst=settings.OFFERS_PER_MINUTE)
_aside: Final[set[asyncio.Task[None]]] = set()


class Engines:
    """The process-wide models: built once, warmed before the first call."""

    def __init__(self) -> None:
        self.evaluator: Evaluator = AnswerEvaluator()
        self._loaded: tuple[Providers, SpeechModel] | None = None

    def load(self) -> None:
        """Build and warm everything; called in the thread of the warm-up, never on the event loop.

        Raises:
            ProviderError: something is missing; the first thing, in one clear line.
        """
        warm_up_media()
        AudioConditioner()  # its filters are designed now, not in the first call
        if settings.NOISE_SUPPRESSION == "webrtc":
            WebRtcSuppression()
        speech_model = load_speech_model()
        if settings.AI_MODE != "mock":
            embed_or_none()  # who judges answers; without it words alone do
        providers = build_providers(settings)
        for problem in asyncio.run(providers.warm_up()):
            raise problem
        self._loaded = (_without_what_is_missing(providers), speech_model)

    @property
    def providers(self) -> Providers:
        return self._require_loaded()[0]

    def checking_quotes(self, local: Evaluator) -> Evaluator:
        """With the language model looking for quotes, where the operator asked for it and there is one."""
        if not settings.INTERVIEW_QUOTE_CHECK or self._loaded is None:
            return local
        return QuoteChecker(local, self.providers.llm)

    @property
    def speech_model(self) -> SpeechModel:
        return self._require_loaded()[1]

    def _require_loaded(self) -> tuple[Providers, SpeechModel]:
        if self._loaded is None:
            raise AtCapacity("The models are still being loaded.")
        return self._loaded


def _without_what_is_missing(providers: Providers) -> Providers:
    """Calls can do without the end-of-turn model, and are not to wait for one that is not there."""
    problem = asyncio.run(providers.warm_up_end_of_turn())
    if problem is None:
        return providers
    logger.warning("%s Every turn ends by silence alone: %s", log_markers.FAILURE, problem)
    return replace(providers, end_of_turn=None)


ENGINES: Final = Engines()

OTHERS_FINISH: Final = timedelta(minutes=1)
"""The process that ended a call has this long to finish its recording; then another does it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a socket waits with for its offer."""

    ready: signaling.Ready
    call: OpenedCall


PROCESS_GROUP: Final = f"process.{uuid4().hex}"
"""The channel-layer group of all sockets of this process."""


def room_group(room_id: str | UUID) -> str:
    """The channel-layer group of one room's sockets."""
    return f"room.{room_id}"


def wait_at_door(socket: WaitingSocket) -> None:
    """Let a socket wait for its offer; older ones of the same room or person make room for it.

    One may wait beside all the calls that its person may have: whether it begins another is asked of the rows.
    """
    others = [call for call in _sessions.values() if str(call.opened.room_id) != socket.room_id]
    calls = sum(call.opened.owner_id == socket.user_id for call in others)
    _waiting.admit(socket, at_most=max(1, settings.MAX_CALLS_PER_USER - calls))


def leave_door(socket: WaitingSocket) -> None:
    """The socket has its call, or is gone."""
    _waiting.leave(socket)


async def prepare(room_id: str, user_id: int) -> Prepared:
    """What the browser is told on connecting; the greeting's synthesis begins meanwhile. Nobody is replaced yet.

    Raises:
        RoomNotFound: no such room, or somebody else's.
        AtCapacity: the models are not ready, or this person has enough calls.
        PersonaArchived, InterviewOver: no new call begins in this room.
        InterviewUnavailable: it would be an interview, and has no questions.
    """
    providers = ENGINES.providers
    call = await call_store.prepare_call(room_id, user_id)
    opening = None
    if is_interview(call.persona):
        chosen = _chosen_questions(call, call.room_id)
        question = asked(chosen.questions[0].text, 0)
        opening = "" if call.resumed else greeting(_script_of(call).lines["greeting"], question)
    _prepare_voice(call, providers, opening)
    return Prepared(_ready(call, providers), call)


def lay_line() -> LaidLine:
    """A line for a socket whose offer will come at any moment."""
    return LaidLine(_media_settings())


async def open_session(room_id: str, user_id: int, socket: Socket, *, laid_line: LaidLine | None = None) -> CallSession:
    """Take the room's call into this process and start driving it; whoever drove it until now is replaced.

    The call takes `laid_line` for its first offer.

    Raises:
        RoomNotFound, AtCapacity, PersonaArchived, InterviewOver, InterviewUnavailable: as `prepare`.
    """
    providers, speech_model = ENGINES.providers, ENGINES.speech_model
    await _hand_over(UUID(room_id))
    opened = await call_store.open_call(room_id, user_id, owner=THIS_PROCESS.name)
    peer = await laid_line.take() if laid_line else None
    try:
        interview = await _interview_of(opened)
        session = CallSession(
            opened,
            script=_script_of(opened),
            providers=providers,
            speech_model=speech_model,
            settings=_session_settings(),
            silence_duration_ms=_silence_duration_ms(opened),
            socket=socket,
            interview=interview,
            laid_line=peer,
            open_recording=_recording_of(opened),
        )
    except Exception:  # nobody drives it, so nobody holds it
        if peer is not None:
            await peer.close()
        await call_store.mark_lost(opened.call_id, opened.epoch)
        raise
    _sessions[opened.room_id] = session
    (await session.start()).add_done_callback(lambda _: _forget(session))
    _run_aside(_tell(room_group(opened.room_id), {"type": "call.taken_over", "epoch": opened.epoch}))
    logger.info(
        "%s call %s %s, epoch %d",
        log_markers.SUCCESS,
        opened.call_id,
        "resumed" if opened.resumed else "opened",
        opened.epoch,
    )
    return session


async def drain() -> None:
    """The process is ending: every call writes its state, hears why, and is closed with 1012."""
    sessions = list(_sessions.values())
    for session in sessions:
        session.notify("restarting", "The server is restarting. Your call goes on in a moment.")
        session.end("restarting", "restarting")
    await _tell(PROCESS_GROUP, {"type": "process.ending"})
    await asyncio.gather(*(session.finished() for session in sessions), return_exceptions=True)
    await asyncio.to_thread(flush_recordings)


def flush_recordings(*, with_chores: bool = False) -> None:
    """Wait until what was recorded so far is on the disk; `with_chores`: and finished, where a call is over. Blocks."""
    _recording_writer.close(with_chores=with_chores)


async def finish_recordings(*, since: timedelta | None = None) -> None:
    """Finish what the process of a call did not: it was killed, or the call was ended by the sweeper.

    `since`: only of calls that ended within this time.
    """
    if settings.RECORDINGS_ENABLED:
        for room_id, call_id in await process_store.recorded_calls(ended_since=since, ended_before=OTHERS_FINISH):
            _recording_writer.add_chore(finish_recording(_recording_folder(room_id, call_id)))


def seconds_until_offer(address: str) -> float:
    """Take one of this address's offers of a minute; where none is left, how long until there is."""
    return _offers.take(address, time.monotonic())


async def _tell(group: str, event: dict[str, Any]) -> None:
    """Tell other sockets. Whatever the layer's server has, this call goes on: who writes is decided by the epoch."""
    try:
        await get_channel_layer().group_send(group, event)
    except Exception:
        logger.exception("%s other sockets were not told: %s", log_markers.FAILURE, event["type"])


async def _hand_over(room_id: UUID) -> None:
    """A newer socket of the same room: the older session writes its state before the rows are read."""
    former = _sessions.get(room_id)
    if former is not None:
        former.end("taken_over", "taken_over")
        await former.finished()


def _forget(session: CallSession) -> None:
    if _sessions.get(session.opened.room_id) is session:
        del _sessions[session.opened.room_id]
    opened = session.opened
    if session.has_ended_call and opened.recording and settings.RECORDINGS_ENABLED:
        _recording_writer.add_chore(finish_recording(_recording_folder(opened.room_id, opened.call_id)))


def _prepare_voice(call: OpenedCall, providers: Providers, opening: str | None) -> None:
    """Greeting, prompt or opening, and lines, made ready in the process-wide caches before the media is connected."""
    orchestrator = AIOrchestrator(
        script=_script_of(call),
        stt=providers.stt,
        llm=providers.llm,
        tts=providers.tts,
        history=exchanges(call.history),
    )
    _run_aside(orchestrator.prepare(opening=opening))


def _run_aside(work: Coroutine[Any, Any, None]) -> None:
    """Something that no caller waits for."""
    task = asyncio.get_running_loop().create_task(work)
    _aside.add(task)
    task.add_done_callback(_aside.discard)


def _media_settings() -> MediaSettings:
    return MediaSettings(
        limits=MediaLimits(
            max_sdp_bytes=settings.MEDIA_MAX_SDP_BYTES,
            max_candidates=settings.MEDIA_MAX_CANDIDATES,
            max_trickled=settings.MEDIA_MAX_TRICKLED,
            ice_timeout_seconds=settings.MEDIA_ICE_TIMEOUT_SECONDS,
            first_packet_seconds=settings.MEDIA_FIRST_PACKET_SECONDS,
            dead_peer_seconds=settings.MEDIA_DEAD_PEER_SECONDS,
        ),
        ice_servers=_ice_servers(),
        ice_addresses=tuple(settings.ICE_ADDRESSES),
        patience_seconds=settings.RESUME_SECONDS,
    )


def _session_settings() -> SessionSettings:
    return SessionSettings(
        media=_media_settings(),
        max_call_seconds=settings.MAX_CALL_SECONDS,
        idle_call_seconds=settings.IDLE_CALL_SECONDS,
        log_transcripts=settings.LOG_TRANSCRIPTS,
        conditioning=ConditioningConfig(stt_tap=settings.STT_TAP, noise_suppression=settings.NOISE_SUPPRESSION),
    )


def _ice_servers() -> tuple[signaling.IceServer, ...]:
    return tuple(signaling.IceServer.model_validate(dict(server)) for server in settings.ICE_SERVERS)


def _recording_of(opened: OpenedCall) -> OpenRecording | None:
    """How this call is recorded, where its person and this machine said yes."""
    if not (opened.recording and settings.RECORDINGS_ENABLED):
        return None
    folder = _recording_folder(opened.room_id, opened.call_id)
    return partial(CallRecording, folder, epoch=opened.epoch, writer=_recording_writer)


def _recording_folder(room_id: UUID, call_id: UUID) -> Path:
    return call_folder(Path(settings.RECORDINGS_DIR), room_id, call_id)


async def _interview_of(opened: OpenedCall) -> InterviewCall | None:
    """The room's interview as it stands, or a new one; None where this call is none.

    Raises:
        InterviewUnavailable: there are no questions for it.
    """
    if not is_interview(opened.persona):
        return None
    choose = partial(_chosen_questions, opened)
    record = await interview_store.open_interview(opened.call_id, opened.epoch, choose)
    return InterviewCall(plan_of(record, _script_of(opened)), ENGINES.checking_quotes(ENGINES.evaluator))


def _chosen_questions(opened: OpenedCall, room_id: UUID) -> ChosenQuestions:
    try:
        return choose_questions(opened.persona, room_id)
    except BankError as error:
        raise InterviewUnavailable(str(error)) from error


def _script_of(opened: OpenedCall) -> PersonaScript:
    return read_script(opened.persona, user_name=opened.user_name)


def _ready(opened: OpenedCall, providers: Providers) -> signaling.Ready:
    return signaling.Ready(
        room_id=str(opened.room_id),
        call_id=str(opened.call_id),
        persona=_card(opened),
        ice_servers=list(_ice_servers()),
        resumed=opened.resumed,
        history=[line for turn in opened.history for line in _history_lines(turn)],
        silence_duration_ms=_silence_duration_ms(opened),
        stand_ins=list(providers.stand_ins),
    )


def _card(opened: OpenedCall) -> signaling.PersonaCard:
    return persona_card(opened.persona, slug=opened.persona_slug, version=opened.persona_version)


def _silence_duration_ms(opened: OpenedCall) -> int:
    """The silence that ends a turn: the person's preference, else the persona's own value, else the setting."""
    return opened.silence_duration_ms or silence_duration_ms(opened.persona)


def _history_lines(turn: TurnRecord) -> list[signaling.HistoryLine]:
    """A stored turn as the transcript shows it: what the user said, what the persona said, what was heard."""
    at_ms = round((turn.ended_at or turn.started_at) * 1000)
    lines = []
    if turn.transcript:
        lines.append(signaling.HistoryLine(role="user", text=turn.transcript, turn_id=turn.turn_id, at_ms=at_ms))
    if turn.planned_text:
        reply: dict[str, Any] = {"heard_upto": len(turn.heard_text), "interrupted": turn.interrupted}
        lines.append(
            signaling.HistoryLine(role="assistant", text=turn.planned_text, turn_id=turn.turn_id, at_ms=at_ms, **reply)
        )
    return lines
