"""Does the speaker without sound count as the real track does? Both live through the same evenings."""

from __future__ import annotations

import random

import pytest

from ai_agent.modelled_speaker import ModelledSpeaker, ReplyStarted
from ai_agent.webrtc_speaker import SpeakerTrack

TURNS = ("a", "b", "c")
FADES_MS = (20, 30, 45)


class Both:
    """A real track and the model, told the same."""

    def __init__(self) -> None:
        self.model = ModelledSpeaker()
        self.told: list[tuple[object, ...]] = []
        self.track = SpeakerTrack(
            on_started=lambda turn_id: self.told.append(("started", turn_id)),
            on_finished=lambda turn_id, samples: self.told.append(("finished", turn_id, samples)),
        )

    def enqueue(self, turn_id: str, samples: int) -> None:
        self.track.enqueue(turn_id, b"\1\1" * samples)
        self.model.enqueue(turn_id, samples)

    def finish(self, turn_id: str) -> None:
        self.track.finish(turn_id)
        self.model.finish(turn_id)

    def hold(self, fade_ms: int) -> None:
        self.track.hold(fade_ms)
        self.model.hold(fade_ms)

    def restore(self, rewind_ms: int = 0) -> None:
        self.track.restore(40, rewind_ms)
        self.model.restore(rewind_ms)

    def cancel(self) -> None:
        self.track.stop_now()
        self.model.cancel()

    def tick(self) -> None:
        """One frame leaves; both tell the same of it, and are at the same place."""
        self.told.clear()
        self.track._next_frame()
        told = [
            ("started", event.turn_id)
            if isinstance(event, ReplyStarted)
            else ("finished", event.turn_id, event.samples_sent)
            for event in self.model.tick()
        ]
        assert told == self.told
        assert self.places == [self.track.samples_sent(turn_id) for turn_id in TURNS]

    @property
    def places(self) -> list[int]:
        return [self.model.samples_sent(turn_id) for turn_id in TURNS]


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_queued_held_and_cut_both_are_at_the_same_place(seed: int) -> None:
    chance, both = random.Random(seed), Both()
    for _ in range(300):
        match chance.randrange(12):
            case 0 | 1 | 2:
                both.enqueue(chance.choice(TURNS), chance.randrange(4_000))
            case 3:
                both.finish(chance.choice(TURNS))
            case 4:
                both.hold(chance.choice(FADES_MS))
            case 5 | 6:
                both.restore()
            case 7 if chance.random() < 0.1:
                both.cancel()
            case _:
                both.tick()


def test_after_a_hold_the_model_goes_back_as_far_as_it_may_and_the_track_no_further() -> None:
    both = Both()
    both.enqueue("a", 48_000)
    for _ in range(30):
        both.tick()
    both.hold(20)
    for _ in range(5):
        both.tick()
    both.restore(rewind_ms=350)
    assert both.model.samples_sent("a") == 31 * 960 - 16_800 <= both.track.samples_sent("a") <= 31 * 960
