"""Telling systemd how the service is, over the socket that it names in NOTIFY_SOCKET; silent where there is none."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping


class ServiceManager:
    """Sends the messages of sd_notify(3); a manager that does not listen is no fault of ours."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        environment = os.environ if environment is None else environment
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._status = ""
        micro = environment.get("WATCHDOG_USEC", "")
        for_us = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        self.watchdog: float | None = int(micro) / 1e6 if micro.isdecimal() and for_us else None

    def ready(self) -> None:
        """Say that the start is done, or a reload."""
        self._send("READY=1")

    def take_longer(self, seconds: float, why: str) -> None:
        """Ask for more time than the unit gives to a start, from now on, and say what for."""
        self._send(f"EXTEND_TIMEOUT_USEC={round(seconds * 1e6)}\nSTATUS={why}")

    def reloading(self) -> None:
        """Say that rules and channels are being loaded anew."""
        self._send(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """Say that the program is coming to its end."""
        self._send("STOPPING=1")

    def status(self, text: str) -> None:
        """Say in one line how things are; the same line is not sent twice."""
        line = " ".join(text.split())
        if line != self._status:
            self._status = line
            self._send(f"STATUS={line}")

    def alive(self) -> None:
        """Feed the watchdog."""
        self._send("WATCHDOG=1")

    def _send(self, message: str) -> None:
        if not self._address.startswith(("/", "@")):
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as wire:
                wire.sendto(message.encode(), address)
        except OSError:
            pass
