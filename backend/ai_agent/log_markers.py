"""How is a line of the log found by eye? By the marker that it begins with."""

from __future__ import annotations

from typing import Final

VAD: Final = "🔊"
"""Voice activity and turn decisions: speech began, the turn is over, the phase changed."""

SUCCESS: Final = "✅"
"""Something that was asked for was done."""

FAILURE: Final = "❌"
"""Something that was asked for failed, or a late result was dropped."""

STOP: Final = "🛑"
"""A critical stop: barge-in, an aborted turn, a call that ended early."""

METRICS: Final = "📊"
"""Measured levels and times, once a turn."""

MARKERS: Final = (VAD, SUCCESS, FAILURE, STOP, METRICS)
