"""What ends a call otherwise than with an answer."""

from __future__ import annotations


class RpcError(Exception):
    """Telegram's answer `code message`, e.g. 420 FLOOD_WAIT_30."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message


class HungUpError(Exception):
    """Close the connection without an answer; `code` is first sent as a transport error (404, 429, 444), if not 0."""

    def __init__(self, code: int = 0) -> None:
        super().__init__(code)
        self.code = code


def bad_request(message: str) -> RpcError:
    """Return the error of a call that was wrong in itself."""
    return RpcError(400, message)
