"""Who decides what is said in an interview? The interviewer, in the place of a language model.

    an utterance, a silence, an evaluation ──▶ Interviewer ──▶ SpeakWords | EvaluateAnswer
    its state, whenever it has changed     ──▶ SaveInterview, InterviewChanged

Here an utterance becomes what was heard, and a step becomes commands. When the first frame of a reply has left, and how
much of it was heard, is `Speaking`'s to tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ai_agent.commands import (
    CloseReply,
    Command,
    EvaluateAnswer,
    InterviewChanged,
    SaveInterview,
    SpeakWords,
    TurnSound,
)
from ai_agent.exchange import Utterance
from ai_agent.interviewer.controller import Interviewer
from ai_agent.interviewer.packing import InterviewRefused, pack_interview, parse_evaluation
from ai_agent.interviewer.plan import InterviewPlan
from ai_agent.interviewer.state import Doubt, InterviewState, QuestionState, QuestionStatus
from ai_agent.interviewer.steps import Heard, Say, Step

LOW_SNR_DB: Final = 6.0
"""Words that stand less than this above the room may be other ones."""
CLIPPING_PERCENT: Final = 5.0
"""So many samples at the rails, and the same is true."""
SPOKEN_SECONDS: Final = 1.2
"""Sound as long as this was meant to be an answer, even where no word of it was made out."""


class Leading:
    """One interview in one call. Every method that returns commands says everything that is to be done."""

    def __init__(self, plan: InterviewPlan) -> None:
        self._interviewer = Interviewer(plan)
        self._stored = plan.state
        self._shown = {
            number: _shown(question)
            for number, question in enumerate(plan.state.questions)
            if number != plan.state.number
        }
        """What the page knows of each question."""
        self._said: Say | None = None
        """What is asked for, or spoken."""
        self._evaluates = ""
        """The utterance whose evaluation is waited for."""
        self._failures = 0
        self._has_tried_again = False

    # ── what there is to answer ───────────────────────────────────────────────────────────────────

    def begin(self, turn_id: str, *, missed: bool) -> list[Command]:
        """The call begins, or goes on; `missed`: something was said that nobody heard."""
        return self._take(self._interviewer.begin(missed=missed), turn_id)

    def answer(self, utterance: Utterance) -> list[Command]:
        """These words were understood."""
        heard = Heard(
            utterance.utterance_id,
            self._whole_transcript(utterance),
            doubt=doubt_of(utterance),
            goes_on_from=frozenset(before.utterance_id for before in _replaced(utterance)),
        )
        return self._take(self._interviewer.hear(heard), utterance.turn_id)

    def miss(self, turn_id: str, utterance: Utterance | None) -> list[Command]:
        """No word of it was made out; None: the recogniser failed."""
        if utterance is None:
            return self._take(self._interviewer.miss("recogniser_failed"), turn_id)
        doubt = _doubt_of_sound(utterance.sound) if was_meant(utterance) else None
        return self._take(self._interviewer.miss(doubt, utterance_id=utterance.utterance_id), turn_id)

    def meet_silence(self, turn_id: str, *, prompts: int) -> list[Command]:
        """Nobody says anything."""
        return self._take(self._interviewer.meet_silence(prompts), turn_id)

    # ── evaluations ───────────────────────────────────────────────────────────────────────────────

    @property
    def is_evaluating(self) -> bool:
        return bool(self._evaluates)

    def take_evaluation(
        self, turn_id: str, utterance_id: str, evaluation: Mapping[str, object]
    ) -> list[Command] | None:
        """What the answer covers. None: nobody waits for this."""
        if utterance_id != self._evaluates:
            return None
        try:
            step = self._interviewer.take_evaluation(utterance_id, parse_evaluation(evaluation))
        except (InterviewRefused, ValueError):
            return self.judge_again(turn_id, utterance_id)
        return None if step is None else self._take(step, turn_id)

    def judge_again(self, turn_id: str, utterance_id: str) -> list[Command] | None:
        """It failed: once more from what is stored, and then by the words alone. None: nobody waits for it."""
        if utterance_id != self._evaluates:
            return None
        self._failures += 1
        if self._failures == 1:
            return [EvaluateAnswer(turn_id, utterance_id, *self._awaiting)]
        return self.judge_locally(turn_id)

    def judge_locally(self, turn_id: str) -> list[Command]:
        """The evaluation is not waited for any more."""
        step = self._interviewer.judge_locally(self._evaluates)
        return [] if step is None else self._take(step, turn_id)

    @property
    def _awaiting(self) -> tuple[str, str]:
        question = self._interviewer.state.question
        return question.question_id, question.attempts[-1].transcript

    # ── how the reply goes ────────────────────────────────────────────────────────────────────────

    @property
    def is_prompt(self) -> bool:
        """Whether what is said is a word into a silence that goes on being counted."""
        return self._said is not None and self._said.is_prompt

    def try_again(self, turn_id: str) -> list[Command]:
        """The voice failed before anything was heard: the same words once more; nothing where that failed too."""
        if self._said is None or self._has_tried_again:
            return []
        self._has_tried_again = True
        return [SpeakWords(turn_id, self._said.words)]

    def started(self) -> list[Command]:
        """The first frame has left: what is said holds."""
        self._interviewer.started()
        return self._tell_changes()

    def cancelled(self) -> None:
        """Nobody waits for the reply, and none of it was heard."""
        self._interviewer.cancelled()
        self._said, self._evaluates = None, ""

    def closed(self, reply: CloseReply) -> tuple[list[Command], Say | None]:
        """It is over: what is to be done, and what it was."""
        share = 1.0 if self._said is None else share_heard(self._said, reply.heard_text)
        said = self._interviewer.closed(share)
        self._said = None
        return self._tell_changes(), said

    # ── who is told ───────────────────────────────────────────────────────────────────────────────

    def tell(self) -> list[Command]:
        """Where it stands, for a browser that has just connected."""
        state = self._interviewer.state
        self._shown.pop(min(state.number, len(state.questions) - 1), None)
        return self._show_changes(state)

    def _take(self, step: Step, turn_id: str) -> list[Command]:
        self._failures, self._has_tried_again = 0, False
        if isinstance(step, Say):
            self._said, self._evaluates = step, ""
            return [*self._tell_changes(), SpeakWords(turn_id, step.words)]
        self._said, self._evaluates = None, step.attempt.utterance_id
        asked = EvaluateAnswer(turn_id, step.attempt.utterance_id, step.question.id, step.attempt.transcript)
        return [*self._tell_changes(), asked]

    def _tell_changes(self) -> list[Command]:
        state = self._interviewer.state
        if state == self._stored:
            return self._show_changes(state)
        self._stored = state
        return [SaveInterview(pack_interview(state)), *self._show_changes(state)]

    def _show_changes(self, state: InterviewState) -> list[Command]:
        changes: list[Command] = []
        for number, question in enumerate(state.questions):
            shown = _shown(question)
            if question.status is not QuestionStatus.PENDING and self._shown.get(number) != shown:
                self._shown[number] = shown
                changes.append(
                    InterviewChanged(
                        index=number + 1,
                        total=len(state.questions),
                        stage=question.stage,
                        status=question.status.value,
                        score=question.points,
                        hint_given=bool(question.hints),
                    )
                )
        return changes

    def _whole_transcript(self, utterance: Utterance) -> str:
        """Its words, after those of a turn before that was too long, and to which nobody has said anything."""
        known = {attempt.utterance_id for question in self._stored.questions for attempt in question.attempts}
        transcripts, one = [utterance.transcript], utterance.follows
        while one is not None and one.utterance_id not in known:
            transcripts.append(one.transcript)
            one = one.follows
        return " ".join(filter(None, reversed(transcripts)))


def doubt_of(utterance: Utterance) -> Doubt | None:
    """Why its words may be other ones than were said."""
    if utterance.is_doubtful:
        return "doubtful_transcript"
    return _doubt_of_sound(utterance.sound)


def was_meant(utterance: Utterance) -> bool:
    """Whether it was long enough to be more than a noise."""
    return utterance.speech_ended_at - utterance.certain_at >= SPOKEN_SECONDS


def share_heard(said: Say, heard_text: str) -> float:
    """How much of its question was heard; 1 where it asks nothing.

    >>> say = Say("Good. What is it?", InterviewState(()), question="What is it?")
    >>> [round(share_heard(say, text), 2) for text in ("Good.", "Good. What is", "Good. What is it?")]
    [0.0, 0.67, 1.0]
    """
    if not said.question:
        return 1.0
    before = len(said.words[: said.words.rfind(said.question)].split())
    heard = len(heard_text.split()) - before
    return min(1.0, max(0.0, heard / len(said.question.split())))


def _doubt_of_sound(sound: TurnSound | None) -> Doubt | None:
    if sound is None:
        return None
    if sound.clipping_percent >= CLIPPING_PERCENT:
        return "clipping"
    return "low_snr" if sound.snr_db < LOW_SNR_DB else None


def _replaced(utterance: Utterance) -> list[Utterance]:
    """The utterances whose sound is in this one too."""
    replaced, one = [], utterance.replaces
    while one is not None:
        replaced.append(one)
        one = one.replaces
    return replaced


def _shown(question: QuestionState) -> tuple[object, ...]:
    return (question.status, question.points, bool(question.hints))
