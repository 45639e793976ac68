"""What does the interviewer do next? Facts about the candidate in, one `Step` out: what is said, or evaluated first.

    connected, heard, evaluated, silent, not understood ──> Interviewer ──> Evaluate | Say
                                    the reply's first frame left ──> what it says holds
                                    the reply is over            ──> the question counts as asked

What a step leads to does not hold before its first frame has left: a candidate who goes on speaking until then takes it
back, and a process that ends until then leaves no trace of it. Only an answer is kept at once, under its utterance's
id, before it is evaluated: it never has to be given again, and is never scored twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from ai_agent.interviewer import lines
from ai_agent.interviewer.evaluator import Evaluation, Intent, classify_intent, evaluate
from ai_agent.interviewer.plan import InterviewPlan
from ai_agent.interviewer.question_bank import Question
from ai_agent.interviewer.state import (
    Attempt,
    Doubt,
    InterviewState,
    QuestionEvent,
    QuestionState,
    QuestionStatus,
)
from ai_agent.interviewer.steps import (
    ANSWERABLE_SHARE,
    ASKED_SHARE,
    MOST_CLARIFICATIONS,
    MOST_SILENT,
    MOST_UNCLEAR,
    SILENCE_STEPS,
    EndReason,
    Evaluate,
    Heard,
    Say,
    Step,
    is_plainly_about,
    says_no,
    says_yes,
)
from ai_agent.interviewer.verdicts import KeyPoint


class Interviewer:
    """One interview, led. `state` is what holds; what was said last, and has not left yet, is `pending`."""

    def __init__(self, plan: InterviewPlan) -> None:
        self.state = plan.state
        self.pending: Say | None = None
        self._questions = plan.questions
        self._lines = plan.lines
        self._spoken: Say | None = None
        """What is being spoken: its first frame has left."""

    # ── facts ─────────────────────────────────────────────────────────────────────────────────────

    def begin(self, *, missed: bool = False) -> Step:
        """The call is connected: a greeting and the first question, or the question at which it stood.

        `missed`: the candidate had said something that nobody heard.
        """
        state = replace(self.state, is_paused=False, is_leaving=False, silent_in_a_row=0)
        if state.is_over:
            return self._say(lines.closing("", self._line("goodbye", lines.GOODBYE)), state, ends="interview_finished")
        if (step := self._judge_again()) is not None:
            return step
        if not state.has_begun:
            begun = state.with_question(state.question.moved(QuestionEvent.BEGUN))
            text = lines.asked(self._question.text, 0)
            return self._say(lines.greeting(self._line("greeting", ""), text), begun, question=text)
        return self._ask_again(state, lead_in=lines.statements(self._did_not_catch) if missed else lines.WENT_ON)

    def hear(self, heard: Heard) -> Step:
        """The candidate said this."""
        self._settle()
        if self._is_nowhere or self._was_answered(heard.utterance_id):
            return self.begin()
        self._roll_back(heard)
        state = replace(self.state, silent_in_a_row=0, is_paused=False)
        if state.is_leaving and (step := self._take_leave(heard, state)) is not None:
            return step
        state = replace(state, is_leaving=False)
        intent = classify_intent(heard.transcript, self._question.text)
        if (before := state.question.open_attempt) is not None:
            return self._add_to_answer(before, heard, intent, state)
        if state.question.status is QuestionStatus.ASKING and intent not in {Intent.SKIP, Intent.END, Intent.WAIT}:
            return self._hear_early(heard, intent, state)
        return _ANSWERS[intent](self, heard, state)

    def take_evaluation(self, utterance_id: str, evaluation: Evaluation) -> Step | None:
        """The stored answer was judged. None: it is not the one that is waited for."""
        attempt = self._open_attempt(utterance_id)
        if attempt is None:
            return None
        question = self.state.question
        if attempt.doubt is not None and question.joined(evaluation).label != "correct":
            return self._not_clear(attempt, self.state, lead_in=lines.UNCLEAR[attempt.doubt])
        judged = question.judged(evaluation)
        state = self.state.with_question(judged)
        if question.status is QuestionStatus.EVAL_1:
            return self._after_first(judged, evaluation, state)
        is_right = judged.attempts[-1].outcome == "correct"
        return self._go_on(state, lines.SECOND_CORRECT if is_right else lines.SECOND_OVER)

    def judge_locally(self, utterance_id: str) -> Step | None:
        """The evaluator failed, and once more: the words alone decide. None: as `take_evaluation`."""
        attempt = self._open_attempt(utterance_id)
        if attempt is None:
            return None
        question = self._question
        try:
            judged = evaluate(
                question.text, question.points, attempt.transcript, misconceptions=question.misconceptions
            )
        except Exception:
            given_up = self.state.question.given_up("evaluator_failed")
            return self._go_on(self.state.with_question(given_up), lines.NOT_JUDGED)
        return self.take_evaluation(utterance_id, judged)

    def miss(self, doubt: Doubt | None, *, utterance_id: str = "") -> Step:
        """Something was said, and no words of it were made out; `doubt` says why, where that is known."""
        self._settle()
        if self._is_nowhere:
            return self.begin()
        if (step := self._judge_again()) is not None:
            return step
        if self.state.question.status is QuestionStatus.ASKING:
            return self._ask_again(self.state)
        if doubt is None:
            return self._say(self._did_not_catch, self.state)
        lead_in = self._line("apology", lines.UNCLEAR[doubt]) if doubt == "recogniser_failed" else lines.UNCLEAR[doubt]
        return self._not_clear(Attempt(utterance_id, doubt=doubt), self.state, lead_in=lead_in)

    def meet_silence(self, prompts: int) -> Step:
        """Nobody has said anything; so many words were said into this silence already."""
        self._settle()
        if self._is_nowhere:
            return self.begin()
        if (step := self._judge_again()) is not None:
            return step
        question = self.state.question
        noted = self.state.with_question(replace(question, silences=question.silences + 1))
        noted = replace(noted, is_leaving=False)
        if prompts >= len(SILENCE_STEPS) - 1:
            return self._no_answer(noted)
        if question.status is QuestionStatus.ASKING:
            return self._ask_again(noted)
        words = self._nudge if prompts == 0 else lines.OFFER
        return self._say(words, noted, is_prompt=True)

    # ── how the reply goes ────────────────────────────────────────────────────────────────────────

    def started(self) -> None:
        """The first frame of what is said has left: it holds."""
        if self.pending is not None:
            self._spoken, self.pending = self.pending, None
            self.state = self._spoken.after

    def cancelled(self) -> None:
        """Nothing of it was heard, and nothing will be."""
        self.pending = None

    def closed(self, share: float) -> Say | None:
        """It is over, and so much of its question was heard (1: all, or there was none). What it was."""
        said, self._spoken = self._spoken, None
        if said is None or self.state.is_over:
            return said
        question = self.state.question
        if question.status is QuestionStatus.ASKING and said.question:
            event = QuestionEvent.SPOKEN if share >= ANSWERABLE_SHARE else QuestionEvent.CUT_OFF
            question = replace(question.moved(event), is_asked=question.is_asked or share >= ASKED_SHARE)
        elif question.status is QuestionStatus.HINTING:
            question = question.moved(QuestionEvent.SPOKEN)
        elif said.question:
            question = replace(question, is_asked=question.is_asked or share >= ASKED_SHARE)
        self.state = self.state.with_question(question)
        return said

    # ── what the candidate may say ────────────────────────────────────────────────────────────────

    def _answer(self, heard: Heard, state: InterviewState) -> Step:
        attempt = Attempt(heard.utterance_id, heard.transcript, doubt=heard.doubt)
        self.state = state.with_question(state.question.answered(attempt))
        return Evaluate(self._question, attempt)

    def _hear_early(self, heard: Heard, intent: Intent, state: InterviewState) -> Step:
        """Hardly anything of the question was heard: it is asked again, unless it was plainly answered."""
        before = self._questions[state.number - 1] if state.number else None
        is_understood = intent is Intent.ANSWER and heard.doubt is None
        if is_understood and is_plainly_about(heard.transcript, self._question, before):
            return self._answer(heard, state.with_question(state.question.moved(QuestionEvent.SPOKEN)))
        return self._ask_again(state)

    def _repeat(self, heard: Heard, state: InterviewState) -> Step:
        repeated = replace(state.question, repeats=state.question.repeats + 1)
        return self._ask_again(state.with_question(repeated))

    def _clarify(self, heard: Heard, state: InterviewState) -> Step:
        question = state.question
        if question.clarifications >= MOST_CLARIFICATIONS:
            return self._ask_again(state, lead_in=lines.NO_OTHER_WORDS)
        clarified = replace(question, clarifications=question.clarifications + 1)
        text = self._question.clarification
        return self._say(lines.two_sentences(text), state.with_question(clarified), question=text)

    def _wait(self, heard: Heard, state: InterviewState) -> Step:
        return self._say(lines.GRANTED, state, gives_time=True)

    def _hint(self, heard: Heard, state: InterviewState) -> Step:
        question = state.question
        point = self._point(question.hints[-1].point) if question.hints else self._question.points[0]
        return self._say(lines.hint(point.hint), state.with_question(question.hinted(point.id, is_asked=True)))

    def _dont_know(self, heard: Heard, state: InterviewState) -> Step:
        lacking = state.question.lacking(Attempt(heard.utterance_id, heard.transcript, outcome="dont_know"))
        if lacking.is_done:
            return self._go_on(state.with_question(lacking), lines.SECOND_OVER)
        point = self._next_point(lacking, None)
        return self._say(lines.never_mind(point.name), state.with_question(lacking.hinted(point.id, is_full=False)))

    def _skip(self, heard: Heard, state: InterviewState) -> Step:
        skipped = state.question.refused(Attempt(heard.utterance_id, heard.transcript, outcome="skipped"))
        return self._go_on(state.with_question(skipped), lines.SKIPPED)

    def _end(self, heard: Heard, state: InterviewState) -> Step:
        return self._say(lines.STOP_HERE, replace(state, is_leaving=True))

    def _silence(self, heard: Heard, state: InterviewState) -> Step:
        """A sound of thinking, and no word."""
        return self._say(lines.NUDGE, state)

    def _take_leave(self, heard: Heard, state: InterviewState) -> Step | None:
        """The candidate was asked whether to stop here. None: this is something else."""
        intent = classify_intent(heard.transcript, self._question.text)
        if intent is Intent.END or says_yes(heard.transcript):
            return self._say(lines.STOPPED, replace(state, is_leaving=False, is_paused=True), ends="interview_paused")
        if says_no(heard.transcript):
            return self._ask_again(state)
        return None

    # ── what cannot be answered ───────────────────────────────────────────────────────────────────

    @property
    def _is_nowhere(self) -> bool:
        """There is no question to answer: none was begun, or all are over."""
        return self.state.is_over or not self.state.has_begun

    def _settle(self) -> None:
        """A hint that could not be spoken to its end was given all the same."""
        if not self._is_nowhere and self.state.question.status is QuestionStatus.HINTING:
            self.state = self.state.with_question(self.state.question.moved(QuestionEvent.SPOKEN))

    def _was_answered(self, utterance_id: str) -> bool:
        """These words were spoken to before the connection was lost: they are nothing new."""
        attempts = (attempt for question in self.state.questions for attempt in question.attempts)
        is_open = self._open_attempt(utterance_id) is not None
        return not is_open and any(attempt.utterance_id == utterance_id for attempt in attempts)

    # ── an answer that is stored, and not spoken to ───────────────────────────────────────────────

    def _open_attempt(self, utterance_id: str) -> Attempt | None:
        attempt = None if self.state.is_over else self.state.question.open_attempt
        return attempt if attempt is not None and attempt.utterance_id == utterance_id else None

    def _judge_again(self) -> Evaluate | None:
        """An answer was stored, and its reply did not leave: the candidate does not have to give it again."""
        attempt = self.state.question.open_attempt
        return None if attempt is None else Evaluate(self._question, attempt)

    def _roll_back(self, heard: Heard) -> None:
        """The candidate went on from the answer that is stored: the joined one takes its place."""
        attempt = self.state.question.open_attempt
        if attempt is not None and attempt.utterance_id in heard.goes_on_from:
            self.state = self.state.with_question(self.state.question.rolled_back())

    def _add_to_answer(self, before: Attempt, heard: Heard, intent: Intent, state: InterviewState) -> Step:
        """Nothing was said to the stored answer, and the candidate adds to it, or only asks where one is."""
        if before.utterance_id == heard.utterance_id or intent is not Intent.ANSWER:
            return Evaluate(self._question, before)
        whole = replace(heard, transcript=f"{before.transcript} {heard.transcript}", doubt=heard.doubt or before.doubt)
        return self._answer(whole, state.with_question(state.question.rolled_back()))

    # ── what follows ──────────────────────────────────────────────────────────────────────────────

    def _after_first(self, judged: QuestionState, evaluation: Evaluation, state: InterviewState) -> Step:
        names = [self._point(verdict.point).name for verdict in evaluation.covered]
        if judged.is_done:
            return self._go_on(state, lines.praise(names, self.state.number))
        point = self._next_point(judged, evaluation)
        if evaluation.label == "incorrect":
            named = state.with_question(judged.hinted(point.id, is_full=False))
            return self._say(lines.not_yet(point.name), named)
        hinted = state.with_question(judged.hinted(point.id))
        feedback = lines.contradicted(point.name) if evaluation.is_only_contradicted else lines.partly(names)
        return self._say(lines.two_sentences(feedback, point.hint), hinted)

    def _not_clear(self, attempt: Attempt, state: InterviewState, *, lead_in: str) -> Step:
        """Asked again, and left out of the maximum where that does not help."""
        question = state.question.made_unclear(attempt)
        if len(question.unclear) < MOST_UNCLEAR:
            return self._say(lead_in, state.with_question(question))
        given_up = question.given_up(attempt.doubt or "no_words")
        is_ours = attempt.doubt == "recogniser_failed"
        return self._go_on(state.with_question(given_up), lines.NOT_JUDGED if is_ours else lines.DOES_NOT_COUNT)

    def _no_answer(self, state: InterviewState) -> Step:
        silent = replace(state, silent_in_a_row=state.silent_in_a_row + 1)
        over = silent.with_question(silent.question.refused(Attempt("", outcome="no_answer")))
        if over.silent_in_a_row < MOST_SILENT or over.number + 1 >= len(over.questions):
            return self._go_on(over, lines.NO_ANSWER)
        return self._say(lines.PAUSED, replace(over.at_next(), is_paused=True), ends="interview_paused")

    def _go_on(self, state: InterviewState, feedback: str) -> Say:
        """The question is done: the next one, or the end."""
        after = state.at_next()
        if after.is_over:
            words = lines.closing(feedback, self._line("goodbye", lines.GOODBYE))
            return self._say(words, after, ends="interview_finished")
        text = lines.asked(self._questions[after.number].text, after.number)
        return self._say(lines.two_sentences(feedback, text), after, question=text)

    def _ask_again(self, state: InterviewState, *, lead_in: str = "") -> Say:
        question = state.question
        words = lines.two_sentences(lead_in, lines.again(self._question.text, self._last_hint(question)))
        return self._say(words, replace(state, is_leaving=False), question=self._question.text)

    def _say(
        self,
        words: str,
        after: InterviewState,
        *,
        question: str = "",
        ends: EndReason | None = None,
        is_prompt: bool = False,
        gives_time: bool = False,
    ) -> Say:
        self.pending = Say(words, after, question, ends, is_prompt, gives_time)
        return self.pending

    # ── words ─────────────────────────────────────────────────────────────────────────────────────

    @property
    def _question(self) -> Question:
        return self._questions[self.state.number]

    def _point(self, point_id: str) -> KeyPoint:
        return next(point for point in self._question.points if point.id == point_id)

    def _next_point(self, question: QuestionState, evaluation: Evaluation | None) -> KeyPoint:
        """The first that the answer lacks, and to which no hint has led; where each was hinted at, the first."""
        points = self._question.points
        lacking = {verdict.point for verdict in evaluation.lacking} if evaluation else set()
        open_points = [point for point in points if point.id in lacking] or [*points]
        return next((point for point in open_points if not question.leads_to(point.id)), open_points[0])

    def _last_hint(self, question: QuestionState) -> str:
        """As it was given; empty where there was none."""
        if not question.hints:
            return ""
        hint = question.hints[-1]
        return lines.given_hint(self._point(hint.point), is_full=hint.is_full)

    def _line(self, name: str, otherwise: str) -> str:
        return lines.two_sentences(self._lines.get(name, "")) or otherwise

    @property
    def _did_not_catch(self) -> str:
        return self._line("did_not_catch", lines.DID_NOT_CATCH)

    @property
    def _nudge(self) -> str:
        """The persona's own, unless it asks something: a "yes" to that would be taken for an answer."""
        own = self._line("still_there", lines.NUDGE)
        return lines.NUDGE if "?" in own else own


_ANSWERS: Final[Mapping[Intent, Callable[[Interviewer, Heard, InterviewState], Step]]] = {
    Intent.ANSWER: Interviewer._answer,
    Intent.SILENCE: Interviewer._silence,
    Intent.DONT_KNOW: Interviewer._dont_know,
    Intent.HINT: Interviewer._hint,
    Intent.REPEAT: Interviewer._repeat,
    Intent.CLARIFY: Interviewer._clarify,
    Intent.WAIT: Interviewer._wait,
    Intent.SKIP: Interviewer._skip,
    Intent.END: Interviewer._end,
}
"""What is done with each thing that a candidate may say while an answer is awaited."""
