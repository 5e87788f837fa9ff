"""The figures by name, as Prometheus' conventions want them: base units, `_total` for what only grows.

https://prometheus.io/docs/practices/naming/
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info

_DELAYS = (1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 21600)


class Figures:
    """All figures of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"monitor_{name}", text, labels, registry=registry)

        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(f"monitor_{name}", text, labels, registry=registry)

        self.build = Info("monitor_build", "The version that runs.", registry=registry)
        self.posts = counter("posts_total", "Posts stored since the start.", "channel")
        self.edits = counter("edits_total", "Further revisions of posts stored since the start.", "channel")
        self.matches = counter("matches_total", "Times that a rule fired since the start.", "rule")
        self.alerts = counter("alerts_total", "Alerts decided on since the start.", "level", "kind")
        self.deliveries = counter("deliveries_total", "Messages sent since the start.", "notifier", "outcome")
        self.requests = counter("requests_total", "Requests sent to read since the start.", "action")
        self.delay = Histogram(
            "monitor_post_delay_seconds",
            "From publication to storing, of posts published since the start.",
            buckets=_DELAYS,
            registry=registry,
        )
        self.lag = gauge("channel_lag_seconds", "Since a channel was last read.", "channel")
        self.failures = gauge("channel_failures", "Failed attempts to read a channel in a row.", "channel")
        self.channels = gauge("channels", "Channels of the list, by how they stand.", "standing")
        self.unresolved = gauge("names_to_look_up", "Names of the list that are not looked up yet.")
        self.flood = gauge("flood_wait_seconds", "Left of a wait that Telegram asked for.", "action")
        self.held = gauge("reading_stopped", "1 while nothing is read: access, network or disk.", "reason")
        self.waiting = gauge("outbox_waiting", "Alerts that are due and not sent.", "notifier")
        self.oldest = gauge("outbox_oldest_seconds", "Since when the oldest of these is due.", "notifier")
        self.refused = gauge("outbox_refused", "Messages that a notifier does not take.", "notifier")
        self.outbox_failures = gauge("outbox_failures", "Failed attempts to send in a row.", "notifier")
        self.queue = gauge("writer_queue", "Pieces of work that wait for the writer.")
        self.database = gauge("database_bytes", "Size of the database file.")
        self.wal = gauge("wal_bytes", "Size of the database's write-ahead log.")
        self.free = gauge("disk_free_bytes", "Room on the database's disk.")
        self.backup = gauge("last_backup_timestamp_seconds", "When the newest backup was made; 0: there is none.")
        self.fed = gauge("watchdog_feed_timestamp_seconds", "When the watchdog was last fed; 0: never.")
        self.job_failures = counter("job_failures_total", "Failures of the daemon's jobs since the start.", "job")
        self.media = gauge("media", "Media of posts that a rule matched, by what became of them.", "state")
        self.media_bytes = gauge("media_bytes", "Size of the media that are kept.")
        self.memory = Gauge("process_resident_memory_bytes", "Memory in use.", registry=registry)
        self.handles = Gauge("process_open_fds", "Open file handles.", registry=registry)
