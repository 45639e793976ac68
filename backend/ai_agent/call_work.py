"""What do the providers do for a call now? One transcription, probe and reply at most; facts come of them.

TranscribeTurn ──▶ recogniser ──▶ process_user_utterance | on_transcription_failed
PredictEndOfTurn ▶ model ───────▶ on_end_of_turn_predicted | nothing
TranscribeProbe ─▶ recogniser ──▶ on_probe_transcribed | on_probe_failed
GenerateReply ┐
SpeakLine     ┼──▶ sentences, sound ──▶ page, speaker ──▶ on_first_token … on_reply_complete | on_reply_failed
SpeakWords    ┘
EvaluateAnswer ──▶ evaluator ─────▶ on_answer_evaluated | on_evaluation_failed
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from ai_agent import commands
from ai_agent.ai_orchestrator import AIOrchestrator, FirstToken, ReplyEvent
from ai_agent.audio_format import BYTES_PER_SAMPLE
from ai_agent.call_outbox import CallOutbox
from ai_agent.interview_calls import InterviewCall
from ai_agent.persona_voice import SentenceFinished, SentenceStarted, Sound
from ai_agent.providers import CancelToken, ProviderError, Transcript
from ai_agent.webrtc import SpeakerTrack


class WorkListener(Protocol):
    """Who is told what came of the work. All but the first return at once."""

    async def process_user_utterance(
        self, *, utterance_id: str, transcript: str, is_doubtful: bool = False
    ) -> None: ...

    def on_fact(self, fact: str, **arguments: object) -> None:
        """One of the engine's `FACTS`, and its arguments without `now`."""

    def on_provider_failed(self, error: ProviderError) -> None:
        """For the log; the fact follows."""

    def on_late_reply(self, turn_id: str) -> None:
        """For the log: something came of a reply that nobody waits for. No fact: its turn may be answered anew."""


DOUBTFUL_LOGPROB: Final = -1.0
"""A recogniser that is less certain than this does not believe its own words."""


@dataclass(frozen=True, slots=True)
class _Work:
    """A provider's work in progress, by the id that it is for."""

    for_id: str
    cancel: CancelToken
    task: asyncio.Task[None]

    def stop(self) -> None:
        """Nobody waits for it any more: what is queued leaves the queue, what runs is asked to end."""
        self.cancel.cancel()
        self.task.cancel()


class CallWork:
    """The providers' work for one call. Every method returns at once."""

    def __init__(
        self,
        orchestrator: AIOrchestrator,
        speaker: SpeakerTrack,
        outbox: CallOutbox,
        *,
        listener: WorkListener,
        spawn: Callable[..., asyncio.Task[None]],
        until_written: Callable[[], Awaitable[None]],
        clock: Callable[[], float],
        interview: InterviewCall | None = None,
    ) -> None:
        """`spawn` starts a coroutine in the call's task group; `clock` gives call time in seconds.

        `until_written` waits for the rows: what a reply answers is stored before its first sound can be heard.
        """
        self._orchestrator = orchestrator
        self._speaker = speaker
        self._outbox = outbox
        self._listener = listener
        self._spawn = spawn
        self._until_written = until_written
        self._clock = clock
        self._interview = interview
        self._transcription: _Work | None = None
        self._probe: _Work | None = None
        self._reply: _Work | None = None
        self._reading_ahead: asyncio.Task[None] | None = None
        self._prediction: _Work | None = None

    def transcribe(self, command: commands.TranscribeTurn) -> None:
        cancel = CancelToken()
        task = self._spawn(self._run_transcription(command.utterance_id, command.audio, cancel))
        self._transcription = _Work(command.utterance_id, cancel, task)

    def cancel_transcription(self, command: commands.CancelTranscription) -> None:
        """Give up its place, and ask the engine behind the port to stop. A result that comes all the same is stale."""
        if self._transcription is not None and self._transcription.for_id == command.utterance_id:
            self._transcription.stop()
            self._transcription = None

    def probe(self, command: commands.TranscribeProbe) -> None:
        """A newer look takes the place of the one before it, of which nothing comes any more."""
        if self._probe is not None:
            self._probe.stop()
        cancel = CancelToken()
        self._probe = _Work(command.candidate_id, cancel, self._spawn(self._run_probe(command, cancel)))

    def cancel_probe(self, command: commands.CancelProbe) -> None:
        if self._probe is not None and self._probe.for_id == command.candidate_id:
            self._probe.stop()
            self._probe = None

    def generate_reply(self, command: commands.GenerateReply) -> None:
        self._stop_reading_ahead()
        cancel = CancelToken()
        on_late = partial(self._listener.on_late_reply, command.turn_id)
        events = self._orchestrator.reply(command.transcript, cancel=cancel, on_late=on_late)
        self._start_reply(command.turn_id, events, cancel)

    def speak_line(self, command: commands.SpeakLine) -> None:
        cancel = CancelToken()
        self._start_reply(command.turn_id, self._orchestrator.line(command.line, cancel=cancel), cancel)

    def speak_words(self, command: commands.SpeakWords) -> None:
        cancel = CancelToken()
        self._start_reply(command.turn_id, self._orchestrator.words(command.words, cancel=cancel), cancel)

    def evaluate(self, command: commands.EvaluateAnswer) -> None:
        """What is said to it takes its place."""
        cancel = CancelToken()
        self._reply = _Work(command.turn_id, cancel, self._spawn(self._run_evaluation(command, cancel)))

    def cancel_reply(self, command: commands.CancelReply) -> None:
        if self._reply is not None and self._reply.for_id == command.turn_id:
            self._reply.stop()
            self._reply = None
            self._outbox.withdraw_caption(command.turn_id, self._clock())

    def predict_end(self, command: commands.PredictEndOfTurn) -> None:
        """A newer question takes the place of the one before it, of which nothing comes any more."""
        if self._prediction is not None:
            self._prediction.stop()
        cancel = CancelToken()
        task = self._spawn(self._run_prediction(command.utterance_id, command.audio, cancel))
        self._prediction = _Work(command.utterance_id, cancel, task)

    def read_ahead(self, *, question_number: int = 0) -> None:
        """The next prompt, all but its question, while the user has the floor. A reply takes the model from it.

        An interview has no model to read, and knows what comes after its present question.
        """
        self._stop_reading_ahead()
        if self._interview is not None:
            upcoming = self._interview.upcoming(question_number)
            self._reading_ahead = self._spawn(self._orchestrator.prepare_words(upcoming))
            return
        self._reading_ahead = self._spawn(self._orchestrator.read_ahead())

    def _stop_reading_ahead(self) -> None:
        if self._reading_ahead is not None:
            self._reading_ahead.cancel()
            self._reading_ahead = None

    async def _run_transcription(self, utterance_id: str, audio: bytes, cancel: CancelToken) -> None:
        try:
            transcript = await self._orchestrator.transcribe(audio, cancel=cancel)
        except ProviderError as error:
            self._listener.on_provider_failed(error)
            self._listener.on_fact("on_transcription_failed", utterance_id=utterance_id, reason=error.reason)
        else:
            await self._listener.process_user_utterance(
                utterance_id=utterance_id, transcript=transcript.text, is_doubtful=_is_doubtful(transcript)
            )

    async def _run_probe(self, command: commands.TranscribeProbe, cancel: CancelToken) -> None:
        look = {"candidate_id": command.candidate_id, "look": command.look}
        try:
            heard = await self._orchestrator.transcribe_probe(command.audio, cancel=cancel)
        except ProviderError as error:
            self._listener.on_provider_failed(error)
            self._listener.on_fact("on_probe_failed", **look, reason=error.reason)
        else:
            self._listener.on_fact(
                "on_probe_transcribed",
                **look,
                transcript=heard.text,
                avg_logprob=heard.avg_logprob,
                no_speech_probability=heard.no_speech_probability,
                is_doubtful=heard.is_doubtful,
                alternatives=heard.alternatives,
            )

    async def _run_evaluation(self, command: commands.EvaluateAnswer, cancel: CancelToken) -> None:
        """The answer is stored before it is judged."""
        await self._until_written()
        ids = {"turn_id": command.turn_id, "utterance_id": command.utterance_id}
        try:
            if self._interview is None:
                raise ProviderError("answer-evaluation", "this call is no interview", retryable=False)
            evaluation = await self._interview.judge(command.question_id, command.transcript, cancel=cancel)
        except ProviderError as error:
            if not cancel.is_cancelled:
                self._listener.on_provider_failed(error)
                self._listener.on_fact("on_evaluation_failed", **ids, reason=error.reason)
        else:
            if not cancel.is_cancelled:
                self._listener.on_fact("on_answer_evaluated", **ids, evaluation=evaluation)

    def _start_reply(self, turn_id: str, events: AsyncGenerator[ReplyEvent, None], cancel: CancelToken) -> None:
        self._outbox.begin_caption()
        self._reply = _Work(turn_id, cancel, self._spawn(self._run_reply(turn_id, events, cancel)))

    async def _run_reply(self, turn_id: str, events: AsyncGenerator[ReplyEvent, None], cancel: CancelToken) -> None:
        written = self._spawn(self._until_written())
        try:
            async with aclosing(events):
                async for event in events:
                    if isinstance(event, Sound):
                        await written
                    if cancel.is_cancelled:
                        self._listener.on_late_reply(turn_id)
                        return
                    self._take_event(turn_id, event)
        except ProviderError as error:
            if not cancel.is_cancelled:
                self._listener.on_provider_failed(error)
                self._listener.on_fact("on_reply_failed", turn_id=turn_id, reason=error.reason)
        else:
            if not cancel.is_cancelled:
                self._listener.on_fact("on_reply_complete", turn_id=turn_id)
        if not cancel.is_cancelled:
            self._speaker.finish(turn_id)

    def _take_event(self, turn_id: str, event: ReplyEvent) -> None:
        match event:
            case FirstToken():
                self._listener.on_fact("on_first_token", turn_id=turn_id)
            case SentenceStarted(sentence=sentence):
                self._listener.on_fact("on_sentence_started", turn_id=turn_id, sentence=sentence)
                self._outbox.show_planned(turn_id, sentence, self._clock())
            case Sound(pcm=pcm):
                self._listener.on_fact("on_sound_queued", turn_id=turn_id, samples=len(pcm) // BYTES_PER_SAMPLE)
                self._speaker.enqueue(turn_id, pcm)
            case SentenceFinished(sentence=sentence, samples=samples, pauses=pauses):
                told = {"sentence": sentence, "samples": samples, "pauses": pauses}
                self._listener.on_fact("on_sentence_queued", turn_id=turn_id, **told)

    async def _run_prediction(self, utterance_id: str, audio: bytes, cancel: CancelToken) -> None:
        """Where nobody can tell, no fact comes, and silence decides."""
        try:
            probability = await self._orchestrator.predict_end(audio, cancel=cancel)
        except ProviderError as error:
            self._listener.on_provider_failed(error)
        else:
            self._listener.on_fact("on_end_of_turn_predicted", utterance_id=utterance_id, probability=probability)


def _is_doubtful(transcript: Transcript) -> bool:
    return transcript.is_doubtful or (transcript.avg_logprob or 0.0) < DOUBTFUL_LOGPROB
