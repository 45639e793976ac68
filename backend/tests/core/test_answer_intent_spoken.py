"""Is a request understood as people really put it, and as a small recogniser hears it?"""

from __future__ import annotations

import pytest

from ai_agent.interviewer.intent import Intent, classify_intent

QUESTION = "What is a stack, and what are its main operations?"

SAID = """
hint | Can I have it? A hint I mean.
hint | Can I have a hand?
hint | could you give me a small nudge please
hint | I might need a hint here
hint | maybe a hint would help
hint | can you point me somewhere
hint | Can I get a hint for this one please
hint | some help would be great
hint | a small clue would be nice
hint | Could I get a tip?
hint | can you help me a little
hint | I'd need a hint for that
hint | give me something to start with
hint | Hint please
hint | Is a hint possible?
hint | I could do with some help
hint | could I have a clue
hint | a hint would be good
hint | can you give me a push in the right direction
hint | Can I ask for a hint?
hint | A hint would be really helpful
hint | could you give me some direction
hint | do you have a tip for me
hint | I think I need some help with this question
hint | could I get some help with that one
hint | can you help me here
hint | Could you give me a clue?
hint | I need a hint
hint | is there a hint for this question
hint | hint would be great
repeat | could you say that again
repeat | Say again please
repeat | sorry what was the question
repeat | I'm sorry, can you ask that one more time?
repeat | didn't hear you
repeat | you cut out for a moment, what was that
repeat | run that by me again
repeat | could I hear the question again
repeat | can you read that out again please
repeat | What did you just ask me?
repeat | sorry I was distracted, what was the question
repeat | please repeat
repeat | once again please
repeat | my connection dropped, can you repeat the question
repeat | I didn't get the last part
repeat | Could you speak a bit slower and repeat it
repeat | Excuse me, could you repeat what you said?
repeat | what was the question again please
repeat | say it once more please
repeat | I didn't hear the end of the question
repeat | could you please say it again slowly
repeat | sorry there was some noise, can you repeat
repeat | could you repeat the last part
repeat | sorry I missed the beginning
repeat | What was the question?
repeat | please say that again
repeat | I can't hear you
repeat | repeat that please
repeat | Sorry, could you say the question again?
repeat | I missed what you said
repeat | what did you say
repeat | Sorry, the sound broke up, once more please
repeat | could you ask again
clarify | what do you mean by main operations
clarify | I'm not sure what you're asking
clarify | could you explain the question a bit
clarify | do you want me to name the methods
clarify | what kind of stack
clarify | how detailed should I be
clarify | Is this about the data structure?
clarify | can you say it in simpler words
clarify | what does that mean
clarify | I don't quite follow the question
clarify | do you mean the call stack
clarify | can you be more precise
clarify | should I talk about the complexity as well
clarify | could you put that another way
clarify | I don't get the question
clarify | do you mean in Python
clarify | what are you looking for exactly
clarify | the question is not clear to me
clarify | could you give me an example of what you mean
clarify | am I supposed to explain both
clarify | I don't understand what you're asking for
clarify | what do you mean exactly
clarify | I'm not sure I follow the question
clarify | could you clarify that a little
clarify | Do you want the theory or an example?
clarify | can you rephrase
clarify | what exactly do you mean by operations
clarify | I'm not sure what you want from me
clarify | is that about the data type
clarify | could you explain that question
clarify | which one do you mean
clarify | do you want a definition
wait | hold on a sec I'm thinking
wait | give me ten seconds
wait | let me think about that for a bit
wait | one sec
wait | I need a moment
wait | just let me think
wait | wait a minute please
wait | give me a few more seconds please
wait | I'm still thinking
wait | can I have a minute to think about this
wait | just a moment
wait | I'm thinking
wait | give me a moment please
wait | wait a second
wait | let me think for a few seconds
wait | I have to think about it
wait | hmm, one moment
wait | one second please
wait | let me think for a while
wait | can you give me some time
wait | wait let me think
wait | I need to think
wait | okay give me a second
wait | please give me a moment to think about it
wait | let me think for a minute
wait | I need a few seconds
dont_know | I don't know this
dont_know | no clue honestly
dont_know | I have no idea, sorry
dont_know | that one I really don't know
dont_know | I couldn't tell you
dont_know | I can't think of anything
dont_know | not a clue
dont_know | haven't learned that yet
dont_know | I used to know that but I forgot
dont_know | idk
dont_know | I'm drawing a blank here
dont_know | I honestly don't know
dont_know | nope, no idea
dont_know | never heard of it
dont_know | I can't remember how that works
dont_know | that's beyond me
dont_know | I don't know the answer to this one
dont_know | sorry, I don't remember
dont_know | I have never used one
dont_know | I'm sorry I don't know the answer
dont_know | not really sure
dont_know | I haven't got a clue
dont_know | I can't answer this one
dont_know | no I don't know
dont_know | I don't have an answer for that
dont_know | no idea really
dont_know | I have absolutely no idea
dont_know | I don't know that one either
dont_know | I never learned that
dont_know | I wouldn't know
dont_know | I'm not sure
dont_know | sorry no idea
dont_know | I don't know how to answer that
dont_know | I've forgotten
dont_know | I can't answer that one sorry
skip | skip that one
skip | next question please
skip | Let's skip.
skip | can we skip this
skip | I'd rather move on
skip | let's go to the next
skip | I'll pass
skip | past
skip | can we come back to this later
skip | different question please
skip | skip this one please
skip | I want to go to the next question
skip | pass on that one
skip | let's leave that one out
skip | can you ask me something else
skip | move on to the next question please
skip | let's do the next one
skip | I would like to skip
skip | go to the next question
skip | can I pass on this question
skip | could we move on
skip | can we go on to another question
skip | I want to skip this one please
skip | let's pass on this one
skip | next one please
skip | skip the question
skip | could we skip that one please
skip | next question
skip | I'd like to pass
skip | let's move on
skip | can we just go to the next one
end | I'd like to stop here
end | let's stop
end | can we stop here for today
end | I think we should end this
end | I want to end the interview
end | that's it, I'm done, please end the call
end | I need to leave now
end | bye
end | I want to stop the interview now
end | let's call it a day
end | let's wrap this up
end | I don't want to go on
end | please stop the interview
end | I'm done with the interview
end | can we finish here
end | end the call please
end | I have to stop the interview now
end | I don't want to do this anymore
end | goodbye
end | let's end the interview here
end | I would like to finish now
end | stop the call
end | can we stop
end | I want to leave
end | I'd like to end the interview
end | let's stop here
end | quit
end | finish the call please
end | I have to leave
silence | hmm
silence | uh um
silence | so um well
silence | uh
silence | right okay
silence | mhm
silence | well
silence | Mm-hmm.
silence | Uh huh.
silence | Uh, huh, okay.
repeat | Huh?
repeat | Uh, huh?
repeat | Um, huh?
silence | Uh-huh.
silence | Mm-hm, okay.
silence | M-hm.
silence | Of course.
silence | Go on.
silence | I see.
silence | Oh okay, I see, thanks.
silence | Got it.
silence | Yes, got it.
silence | Okay got it thank you
silence | I understand.
silence | Sure.
silence | Good question.
silence | That's a really good question, um.
silence | Hmm, that's a tough one.
silence | I was muted.
silence | Sorry, I was on mute.
silence | My microphone was off.
silence | Was that right?
silence | Is that correct?
silence | Does that make sense?
silence | Thank you very much.
silence | Hello Mira.
silence | Mm-hmm. I see. Okay.
wait | Wait, wait
wait | Can I think about it?
wait | Could I just think for a moment
wait | Good question, let me think.
wait | Mm-hmm, one moment please.
repeat | I was muted, can you repeat that?
hint | I see, can I have a hint?
dont_know | Good question. I have no idea.
dont_know | That's a hard one, I don't know.
skip | Got it. Let's skip this one.
answer | Mm-hmm, it is last in first out.
answer | Good question, it is a list with one open end.
answer | I see it as a pile of plates
answer | Can I think of it as a pile of plates?
answer | You got it from the top
answer | Is it right to left?
answer | Right to left.
answer | Nothing.
answer | Push and pop, was that right?
answer | you hold on to the lock until you are done
answer | it says that the next element comes out first
answer | I don't think it is sorted, it is last in first out
answer | the processor skips that one and takes the next instruction
answer | one second later the timer fires again
answer | you stop here when the tree is empty
answer | it means that the last one is taken first
answer | push and pop
answer | give it a hint about the type
answer | you pass a function
answer | you can't change it
answer | repeat it until it is empty
answer | it doesn't know the type
answer | the last one
answer | it stops
answer | No, it doesn't wait.
answer | just the top one
answer | it is the next pointer
answer | you end the transaction with commit
answer | next dot js
answer | it waits until the lock is free
answer | you skip the first element and repeat with the rest
answer | the hint tells the optimizer which index to use
answer | I don't know the name, but it removes the top element
answer | the call is repeated three times
answer | the program ends here
answer | the garbage collector stops the program for a moment
answer | it means what you put in last comes out first
answer | it doesn't know the next node
answer | pass the list as an argument
answer | go to the next node until it is null
answer | Could be that it is first in first out
answer | the compiler gives you a hint
answer | repeat until sorted
answer | it skips the rest
answer | I think it waits for the other thread
answer | not the first one, the last one
answer | stop and copy
answer | you need to move on to the next bucket
answer | I don't know exactly but push puts something on top
answer | the thread goes to sleep and waits for a second
answer | end of file
answer | it ends when the stack is empty
answer | help the garbage collector
answer | it gives you another one
answer | the next one is the oldest
answer | it doesn't matter
answer | it passes control to the next handler
answer | it repeats the request once
answer | the consumer waits for a message
answer | you skip the header and read the rest
answer | the end of the list points to null
answer | I don't think so
answer | it's a pointer to the next one
answer | no, it can be changed
answer | the compiler needs some help to find the type
answer | stop words are removed
answer | you wait for the signal
answer | the next one in line
answer | it can skip steps
answer | the hint bit
answer | it stops the thread
answer | you ask the server again
answer | it is repeated every second
answer | it helps to find bugs
answer | I'm not sure but I think it is a tree
answer | give it a name and a value
"""

CASES = [line.split(" | ", 1) for line in SAID.strip().splitlines()]


@pytest.mark.parametrize(("intent", "said"), CASES, ids=[said for _, said in CASES])
def test_a_candidate_is_understood_however_it_is_put(intent: str, said: str) -> None:
    assert classify_intent(said, QUESTION) is Intent(intent)


def test_a_hint_that_is_heard_as_something_else_is_a_hint() -> None:
    assert classify_intent("Can I have it?", QUESTION) is Intent.HINT


def test_a_clue_that_nobody_has_is_no_request_for_one() -> None:
    assert classify_intent("I don't have a clue", QUESTION) is Intent.DONT_KNOW
    assert classify_intent("I don't have a clue, can I have one?", QUESTION) is not Intent.SKIP


OF_SOMETHING_ELSE = """
They don't know about each other. | What is a process?
Processes don't know about each other. | What is a process?
They cannot tell who is first. | What is a queue?
It can't remember anything. | What is a cache?
You can't tell which one is first. | What is a set?
I think you can't tell which one is first. | What is a set?
It uses no memory. | What does a generator do with memory?
It needs no memory. | What does a generator do with memory?
They have no knowledge of each other. | What is a process?
HTTP has no memory. | Why is HTTP called stateless?
The client has no idea about that. | What does the client do?
It is never used. | When is a variable freed?
When it is not used. | When is a variable freed?
The variable is never read. | When is a variable freed?
They are not aware of each other. | What is a process?
They forget it. | What is a cache?
It is forgotten. | What is a cache?
They are only hints. | What are annotations?
These are just hints. | What are annotations?
It's only a hint. | What is an annotation?
Type hints are just hints. | What are type hints?
Type hints. | Which types are there?
A skip list. | What is a list?
A skip list is a list. | What is a list?
They skip it. | What do threads do?
They pass it on. | What do threads do?
They go to the next one. | What do threads do?
They repeat it. | What do clients do?
They end the session. | What do clients do?
"""

FOR_ONESELF = """
dont_know | I don't know why it is never used.
dont_know | No idea why it has no memory.
dont_know | Don't know what they do.
dont_know | I can't remember what they do.
dont_know | I really have no memory of that.
dont_know | My mind has no idea.
dont_know | This topic is not familiar to me.
dont_know | It's not sure.
dont_know | I don't know what type hints are.
clarify | What do you mean by type hints?
clarify | Do you mean they don't know about each other?
skip | Can you skip it?
skip | I'm not sure whether they skip it, skip it please.
skip | A skip please.
hint | You can't give me a hint?
hint | All I need is a hint.
hint | Is it only a hint?
hint | I know they are just hints, but can I have a hint?
repeat | You can't say that again?
repeat | I didn't hear what they do.
"""


@pytest.mark.parametrize("said_to", OF_SOMETHING_ELSE.strip().splitlines())
def test_what_is_said_of_a_thing_is_an_answer(said_to: str) -> None:
    said, question = said_to.split(" | ")
    assert classify_intent(said, question) is Intent.ANSWER


@pytest.mark.parametrize("line", FOR_ONESELF.strip().splitlines())
def test_who_speaks_for_himself_is_understood_whatever_the_question_is_about(line: str) -> None:
    intent, said = line.split(" | ")
    assert classify_intent(said, "What are type hints, and why do they need no memory?") is Intent(intent)
