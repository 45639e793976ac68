"""Is a request told from an answer?"""

from __future__ import annotations

import pytest

from ai_agent.interviewer.intent import Intent, classify_intent
from bench.interview.answers import adversarial

QUESTION = "What is a stack, and what are its main operations?"

SAID = """
answer | No
answer | Yes.
answer | Pass by reference
answer | you skip half of the array
answer | I don't know the kernel details, but a process has its own memory.
answer | wait and notify
answer | it waits a second and then retries the request
answer | The next node
answer | You pass it by value
answer | stop and wait protocol
answer | help text is printed
answer | A hint tells the compiler which branch is likely
answer | push
answer | repeat until the element is found
answer | I'm not sure but maybe it's a queue
answer | I think you skip it when the flag is set
answer | nothing is returned
answer | It depends on the question of whether you can change it
answer | a moment later the garbage collector frees it
answer | time complexity is constant
answer | None
answer | I forgot the name but it's the one that halves the range
answer | The process waits for the lock
answer | Stop the world collection
answer | It's a timeout
answer | It ends the session and deletes the cookie
answer | The client can repeat the request safely
answer | it tells the browser to wait
answer | two
answer | O of n
answer | I'm not sure, is it the heap?
answer | I guess it's faster
answer | The function that explains what the user wants
answer | time
answer | You don't know the size in advance so you use a list
answer | Could be a hash table
answer | well the first one is mutable
answer | I don't remember the exact word but the last one comes out first
answer | you go to the next element
answer | You continue with the next one until the end of the list
answer | you can stop early once you found it
answer | Do you mean the data structure? It is last in first out with push and pop.
answer | Let me think. A stack is a last in first out structure.
answer | Can I say that push adds an element and pop removes it
answer | by reference
answer | by value
answer | at the end
answer | in the main function
answer | memory
answer | it's the one with the hint bit set
repeat | Can you repeat that?
repeat | Sorry, I didn't catch that.
repeat | could you please repeat the question for me
repeat | come again
repeat | what?
repeat | What was that again?
repeat | I couldn't hear you, could you say it again
repeat | One more time please
repeat | you are breaking up
repeat | what did you ask
repeat | please say the question once more
repeat | I missed the question, can you read it again
repeat | Would you mind repeating the question?
repeat | I missed that
repeat | can you ask me that again please
clarify | What do you mean by index?
clarify | could you clarify the question
clarify | I don't understand the question
clarify | Can you rephrase that please
clarify | Are you asking about Python or in general
clarify | Which language?
clarify | could you be more specific
clarify | should I talk about the performance too
clarify | I'm not sure I understand the question
clarify | What exactly do you want to know?
clarify | can you explain what you mean by main operations
clarify | is this about the data structure or the call stack
clarify | in which context
clarify | Do you want me to compare both of them?
clarify | Can you put that in other words?
wait | hold on
wait | Let me think about it.
wait | one moment please
wait | give me a minute
wait | I need a little more time
wait | hmm let me think
wait | wait
wait | just a second
wait | can I have a moment to think
wait | I need some time to think about that
wait | hang on a second
wait | let me think for a moment
wait | bear with me
dont_know | no idea
dont_know | I have no clue
dont_know | I don't know what a stack is
dont_know | I really can't remember, sorry
dont_know | not sure
dont_know | I've never heard of that
dont_know | I give up
dont_know | dunno
dont_know | I'm afraid I don't know the answer to that question
dont_know | I have no idea what the main operations are
dont_know | honestly I forgot
dont_know | my mind went blank
dont_know | I'm not familiar with this topic
dont_know | I'm not really sure about this one to be honest
dont_know | I do not know that
dont_know | Sorry I can't answer that
dont_know | um I don't know I'm sorry
dont_know | I don't think I know this one
skip | skip
skip | Pass
skip | I'd like to skip this question
skip | Can we go to the next question
skip | I don't know, let's skip it
skip | move on please
skip | Next
skip | I will pass on this one
skip | could you ask me another question
skip | let's move to the next one
skip | can we do a different question
skip | pass on this
skip | I want to skip
skip | skip it please I don't know it
skip | Let's go on to the next question please
end | Can we end the interview now
end | I want to stop here
end | stop the interview please
end | I have to go now
end | let's finish the interview
end | I want to quit
end | Let's end it here
end | I think that's enough, let's stop the interview
end | please end the call
end | I don't want to continue
hint | hint
hint | Can I have a hint?
hint | a hint please
hint | I don't know, can you help me?
hint | I could use a hint
hint | could you help me out
hint | can you give me a small tip
hint | is there any hint
hint | I need some help here
hint | would you give me a hint
hint | may I get a clue please
hint | Any hints?
hint | Can you point me in the right direction?
hint | I'd like a hint
silence | um uh
silence | ...
silence | okay so um
silence | mm
"""

CASES = [line.split(" | ", 1) for line in SAID.strip().splitlines()]


@pytest.mark.parametrize(("intent", "said"), CASES, ids=[said for _, said in CASES])
def test_what_a_candidate_wants_is_understood(intent: str, said: str) -> None:
    assert classify_intent(said, QUESTION) is Intent(intent)


@pytest.mark.parametrize("said", ["", "   ", "...", "um uh", "\x00\x07", "—"])
def test_nothing_said_is_silence(said: str) -> None:
    assert classify_intent(said, QUESTION) is Intent.SILENCE


def test_words_of_the_question_beside_a_request_are_no_answer() -> None:
    assert classify_intent("I don't know what a heap is", "What is a heap?") is Intent.DONT_KNOW
    assert classify_intent("I don't know, maybe a heap is a tree?", "What is a stack?") is Intent.ANSWER


def test_a_long_speech_is_an_answer_whatever_is_in_it() -> None:
    assert classify_intent("skip this question please " * 2_000, QUESTION) is Intent.ANSWER


def test_of_the_adversarial_answers_all_but_a_few_are_understood() -> None:
    rows = adversarial()
    wrong = [one.answer for one in rows if classify_intent(one.answer, one.question) != one.intent]
    assert len(wrong) <= 0.03 * len(rows), wrong
