"""Is the room too loud, or the user too quiet or too loud, to be understood well? Said when it has lasted, and no more.

    the user's voice   . s s s s s . c c c c c c c . c c c c c . s s s s s s s s s s s s
    too loud for it                  ├── 3 s of talk ──┤         ├── 3 s of talk ──┤
    said                                               clipping                    room_ok

The room is judged in every frame that is listened to, the user's voice while the user talks. Nothing is judged while
the microphone is muted, or while the agent's echo may be in it.
"""

from __future__ import annotations

from collections import deque
from statistics import fmean
from typing import Final, Literal

from ai_agent.audio_format import frames_in
from ai_agent.commands import Notify, TurnSound
from ai_agent.levels import SILENCE_DBFS, FrameMetrics, SlidingQuantile
from ai_agent.voice_activity import INITIAL_CALLER_DBFS

PERSISTS_MS: Final = 3_000
"""A trouble that has lasted so long is said; one that has been gone for so long is over."""

TALK_GAP_MS: Final = 500
"""A pause up to this long belongs to the talk: who breathes has not stopped being too quiet."""

TALK_FORGOTTEN_MS: Final = 10_000
"""Nobody has talked for so long: what had begun to show in the voice counts no longer."""

VOICE_WINDOW_MS: Final = 2_000
"""The user's level is the median over so much speech."""

CLIPPING_WINDOW_MS: Final = 1_000
"""Clipping is the mean over so much speech: it comes in peaks."""

SAID_AGAIN_MS: Final = 120_000
"""The same trouble is not said again within this time."""

APART_MS: Final = 10_000
"""Between two troubles a person has time to read the first."""

LOUD_SNR_DB: Final = 10.0
"""Speech that stands less than this above the room is hard to understand."""
LOUD_IS_OVER_SNR_DB: Final = 14.0

LOUD_FLOOR_DBFS: Final = -50.0
"""A room under this level is quiet: speech that does not stand out of it is too quiet itself."""
LOUD_IS_OVER_FLOOR_DBFS: Final = -54.0

TOO_QUIET_DBFS: Final = -48.0
"""Speech under this level is lost in what a microphone makes of itself."""
QUIET_IS_OVER_DBFS: Final = -44.0

CLIPPING_PERCENT: Final = 1.0
"""So many samples at the rails, and the words sound broken."""
CLIPPING_IS_OVER_PERCENT: Final = 0.2

Trouble = Literal["clipping", "too_quiet", "loud_room"]

NOTICES: Final[dict[Trouble, str]] = {
    "clipping": "You are too loud for the microphone. Move back a little, or lower its level.",
    "too_quiet": "You are hard to hear. Come closer to the microphone, or raise its level.",
    "loud_room": "It is loud around you. A quieter place or a headset helps.",
}
"""What is said of each, the most pressing first."""

ROOM_OK: Final = Notify("room_ok", "You are heard well now.")
"""The trouble that was said last is over: the page takes its notice away."""


class RoomVerdict:
    """The verdict on one microphone, frame by frame."""

    def __init__(self) -> None:
        self._lasting: dict[Trouble, _Lasting] = {trouble: _Lasting() for trouble in NOTICES}
        self._levels_dbfs = SlidingQuantile(frames_in(VOICE_WINDOW_MS))
        self._clean_levels_dbfs = SlidingQuantile(frames_in(VOICE_WINDOW_MS))
        """The user's speech without the noise in it."""
        self._clipping_percents: deque[float] = deque(maxlen=frames_in(CLIPPING_WINDOW_MS))
        self._silent_frames = frames_in(TALK_FORGOTTEN_MS)
        self._frame = 0
        self._said_at: dict[Trouble, int] = {}
        """In which frame each was said last."""
        self._shown: Trouble | None = None

    def pass_over(self) -> None:
        """20 ms in which nothing is judged: the microphone is muted, or the agent may be in it."""
        self._frame += 1

    def judge(self, metrics: FrameMetrics, *, is_speech: bool) -> Notify | None:
        """20 ms of the microphone: what the user should know now, where it is anything.

        `is_speech`: the user speaks in it.
        """
        self._frame += 1
        if metrics.energy_dbfs <= SILENCE_DBFS:
            return None
        self._learn(metrics, is_speech=is_speech)
        is_talk = self._silent_frames <= frames_in(TALK_GAP_MS)
        self._judge_room(metrics.noise_floor_dbfs)
        if is_talk:
            self._judge_voice()
        elif self._silent_frames >= frames_in(TALK_FORGOTTEN_MS):
            self._lasting["clipping"].forget()
            self._lasting["too_quiet"].forget()
        return self._take_back() or self._say(is_talk=is_talk)

    def _learn(self, metrics: FrameMetrics, *, is_speech: bool) -> None:
        if not is_speech:
            self._silent_frames += 1
            return
        self._silent_frames = 0
        self._levels_dbfs.add(metrics.energy_dbfs)
        self._clean_levels_dbfs.add(metrics.noise_floor_dbfs + metrics.snr_db)
        self._clipping_percents.append(metrics.clipping_percent)

    def _judge_room(self, floor_dbfs: float) -> None:
        """Against the user's voice; where nobody has spoken yet, against a usual one."""
        known = len(self._clean_levels_dbfs) > 0
        above_db = (self._clean_levels_dbfs.quantile(0.5) if known else INITIAL_CALLER_DBFS) - floor_dbfs
        self._lasting["loud_room"].follow(
            is_so=above_db < LOUD_SNR_DB and floor_dbfs >= LOUD_FLOOR_DBFS,
            is_over=above_db >= LOUD_IS_OVER_SNR_DB or floor_dbfs < LOUD_IS_OVER_FLOOR_DBFS,
        )

    def _judge_voice(self) -> None:
        level_dbfs, clipping = self._levels_dbfs.quantile(0.5), fmean(self._clipping_percents)
        self._lasting["clipping"].follow(
            is_so=clipping >= CLIPPING_PERCENT, is_over=clipping < CLIPPING_IS_OVER_PERCENT
        )
        self._lasting["too_quiet"].follow(is_so=level_dbfs < TOO_QUIET_DBFS, is_over=level_dbfs >= QUIET_IS_OVER_DBFS)

    def _take_back(self) -> Notify | None:
        if self._shown is None or self._lasting[self._shown].is_on:
            return None
        self._shown = None
        return ROOM_OK

    def _say(self, *, is_talk: bool) -> Notify | None:
        """What is wrong with the voice is said while it is heard."""
        for trouble, message in NOTICES.items():
            if self._lasting[trouble].is_on and self._is_due(trouble) and (is_talk or trouble == "loud_room"):
                self._said_at[trouble], self._shown = self._frame, trouble
                return Notify(trouble, message)
        return None

    def _is_due(self, trouble: Trouble) -> bool:
        last = max(self._said_at.values(), default=None)
        if last is not None and self._frame - last < frames_in(APART_MS):
            return False
        said_at = self._said_at.get(trouble)
        return said_at is None or self._frame - said_at >= frames_in(SAID_AGAIN_MS)


class _Lasting:
    """Whether something is the case: believed after 3 s without a break, and no longer after 3 s of its opposite."""

    def __init__(self) -> None:
        self.is_on = False
        self._frames = 0

    def follow(self, *, is_so: bool, is_over: bool) -> None:
        speaks_against = is_over if self.is_on else is_so
        self._frames = self._frames + 1 if speaks_against else 0
        if self._frames >= frames_in(PERSISTS_MS):
            self.is_on, self._frames = not self.is_on, 0

    def forget(self) -> None:
        """What has not lasted yet begins anew."""
        self._frames = 0


def why_unclear(sound: TurnSound | None) -> Notify | None:
    """Why no words could be made out of a turn, where its sound tells."""
    if sound is None or sound.snr_db >= LOUD_SNR_DB:
        return None
    if sound.noise_floor_dbfs >= LOUD_FLOOR_DBFS:
        return Notify("not_understood_loud_room", "I could not make out any words: it is loud around you.")
    return Notify("not_understood_too_quiet", "I could not make out any words: you are hard to hear.")
