"""Counts for Prometheus, on loopback: calls now, refused, how fast keys are answered, what was asked for today.

Never of a call that came to the witness line; what callers asked for, in fives (`figures.in_fives`).
"""

import time
from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, start_http_server
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from ivr.calls.figures import FEW, Day
from ivr.problems import ToMend

_SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.5, 1.0, 3.0)


class NoMetrics(ToMend):
    """The port for Prometheus cannot be used; the sentence names it and what to do."""


class Metrics:
    """The metrics of one server; `calls` counts those of now, `today` is counted in fives, `release` is named."""

    def __init__(self, calls: Callable[[], int], today: Callable[[], Day], release: Callable[[], str]) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Now(calls, today, release))
        ProcessCollector(registry=self.registry)  # memory, processor time, open files
        self._refused = Counter("calais_refused", "Calls that heard the line is busy.", registry=self.registry)
        self._keys = self._histogram("calais_key_seconds", "Seconds from a key to the next prompt.")
        self._lag = self._histogram("calais_lag_seconds", "Seconds by which the server's beats come late.")
        self._beaten = 0.0

    def _histogram(self, name: str, what: str) -> Histogram:
        return Histogram(name, what, buckets=_SECONDS, registry=self.registry)

    def refuse(self) -> None:
        """Count a call that was turned away."""
        self._refused.inc()

    def answer_key(self, seconds: float) -> None:
        """Count a key that was answered by the next prompt."""
        self._keys.observe(seconds)

    def beat(self, every: float) -> None:
        """Take note of a beat, which should come `every` so many seconds at the latest."""
        now = time.monotonic()
        if self._beaten:
            self._lag.observe(max(0.0, now - self._beaten - every))
        self._beaten = now

    def serve(self, port: int) -> None:
        """Answer http://127.0.0.1:<port>/metrics from a thread of its own; raise NoMetrics where that cannot be."""
        try:
            start_http_server(port, addr="127.0.0.1", registry=self.registry)
        except OSError as error:
            raise NoMetrics(
                f"TCP port {port} of 127.0.0.1 cannot be used ({error.strerror}): choose another with the setting "
                "metrics_port."
            ) from None


class _Now(Collector):
    """What is looked up when somebody asks."""

    def __init__(self, calls: Callable[[], int], today: Callable[[], Day], release: Callable[[], str]) -> None:
        self._calls = calls
        self._today = today
        self._release = release

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("calais_calls", "Calls now, but for the witness line.", value=self._calls())
        yield InfoMetricFamily("calais_release", "What callers hear.", value={"name": self._release()})
        yield from self._figures()

    def _figures(self) -> Iterator[Metric]:
        calls = GaugeMetricFamily("calais_calls_today", "Calls that ended today, in fives.", labels=["language"])
        asked = GaugeMetricFamily("calais_asked_today", "Calls that asked for it.", labels=["language", "place"])
        gave_up = GaugeMetricFamily(
            "calais_gave_up_today", "Calls that ended there without any answer.", labels=["language", "place"]
        )
        for language, counts in self._today().items():
            if counts.calls >= FEW:
                calls.add_metric([language], counts.calls)
            for family, places in ((asked, counts.asked), (gave_up, counts.gave_up)):
                for place, count in places.items():
                    if count >= FEW:
                        family.add_metric([language, place], count)
        yield from (calls, asked, gave_up)
