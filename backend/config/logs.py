"""Which lines would nobody read? Those of somebody who asks every second whether this server takes calls."""

from __future__ import annotations

import logging

PROBES = frozenset({"/ready/", "/api/v1/health/"})


class NoProbes(logging.Filter):
    """Drops Django's line on a probe that was answered with 404 or 503: it is an answer, not a failure."""

    def filter(self, record: logging.LogRecord) -> bool:
        path = getattr(getattr(record, "request", None), "path", None)
        return not (record.name == "django.request" and path in PROBES and record.exc_info is None)
