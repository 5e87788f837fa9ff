"""The analyst's chat with the bot on a terminal, and what a developer may let happen in the world."""

from __future__ import annotations

from collections.abc import Callable

from telethon.tl import types

from tests.loopback.box import Kind
from tests.loopback.errors import RpcError
from tests.loopback.faults import Fail
from tests.loopback.peers import Channel, User
from tests.loopback.registry import Changed, Event
from tests.loopback.server import LoopbackServer

HELP = """\
a line of text          the analyst writes it to the bot
!press BUTTON           presses a button of the bot's last message that has it
!post CHANNEL TEXT      publishes a post
!edit CHANNEL ID TEXT   edits one
!delete CHANNEL ID      deletes one
!fault METHOD ERROR     the next call of a method fails: !fault messages.getHistory FLOOD_WAIT_60
!drop                   closes all connections
!requests               how often each method was called
!quit                   ends the server"""


class Console:
    """Obeys typed lines, and shows what the bot writes to the analyst."""

    def __init__(self, server: LoopbackServer, bot: User, analyst: User, show: Callable[[str], None]) -> None:
        self._server = server
        self._bot = bot
        self._analyst = analyst
        self._show = show
        server.world.listeners.append(self._hear)

    async def obey(self, line: str) -> bool:
        """Do what a line says; returns False when the server is to end."""
        command, _, rest = line.strip().partition(" ")
        if not command.startswith("!"):
            if line.strip():
                self._server.world.send(self._analyst, self._bot, line.strip())
            return True
        if command == "!quit":
            return False
        try:
            await self._command(command, rest)
        except (ValueError, KeyError):
            self._show(HELP)
        except RpcError as error:
            self._show(f"refused: {error}")
        return True

    async def _command(self, command: str, rest: str) -> None:
        world = self._server.world
        if command == "!press":
            await self._press(rest)
        elif command == "!post":
            name, text = rest.split(" ", 1)
            self._show(f"post {world.post(self._channel(name), text).id}")
        elif command == "!edit":
            name, number, text = rest.split(" ", 2)
            world.edit(self._channel(name), int(number), text)
        elif command == "!delete":
            name, number = rest.split(" ", 1)
            world.delete(self._channel(name), int(number))
        elif command == "!fault":
            method, error = rest.split(" ", 1)
            self._server.faults.add(method, Fail(420 if "WAIT" in error else 400, error))
        elif command == "!drop":
            self._server.close_connections()
        elif command == "!requests":
            methods = [request.method for request in self._server.journal.requests]
            for method in sorted(set(methods)):
                self._show(f"{methods.count(method):6} {method}")
        else:
            self._show(HELP)

    def _channel(self, name: str) -> Channel:
        found = self._server.world.find(name.removeprefix("@"))
        if not isinstance(found, Channel):
            raise KeyError(name)
        return found

    async def _press(self, label: str) -> None:
        for number, message in sorted(self._analyst.box.messages.items(), reverse=True):
            for button in _buttons(message):
                if button.text == label and isinstance(button.type, types.InlineButtonTypeCallback):
                    answer = await self._server.press(self._analyst, self._bot, number, button.type.data)
                    self._show(f"the bot shows: {answer.message or 'nothing'}")
                    return
        self._show("no message has such a button")

    def _hear(self, event: Event) -> None:
        """Show what changes in the analyst's chat."""
        if not isinstance(event, Changed) or event.owner is not self._analyst:
            return
        change = event.change
        if change.kind is Kind.DELETED:
            self._show(f"deleted: {', '.join(f'#{one}' for one in change.ids)}")
            return
        message = self._analyst.box.messages[change.ids[0]]
        verb = "edits" if change.kind is Kind.EDITED else "writes"
        who = "the analyst" if message.out else "the bot"
        quiet = ", silently" if message.silent else ""
        answered = f", answering #{message.reply_to.reply_to_msg_id}" if message.reply_to else ""
        self._show(f"#{message.id} {who} {verb}{quiet}{answered}:\n{message.message}")
        if message.media is not None:
            self._show(f"({type(message.media).__name__})")
        labels = [f"[{button.text}]" for button in _buttons(message)]
        if labels:
            self._show(" ".join(labels))


def _buttons(message: types.Message) -> list[types.KeyboardInlineButton]:
    markup = message.reply_markup
    if not isinstance(markup, types.ReplyInlineMarkup):
        return []
    return [button for row in markup.rows for button in row.buttons]
