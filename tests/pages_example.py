"""Pages of the same make as those of t.me/s and of a Telegram Desktop export, for the tests of their readers."""

from __future__ import annotations

import base64
import json
from html import escape

CORPS = 1700000001


def view(channel: int, post: int) -> str:
    """The `data-view` of a post, in which t.me hides the channel's id."""
    content = json.dumps({"c": -channel, "p": post, "t": 1685880000, "h": "0123456789abcdef01"}, separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def text(content: str) -> str:
    """A post's text on t.me; `content` is markup."""
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{content}</div>'


def post(
    number: int,
    content: str,
    *,
    name: str = "russvolcorps",
    channel: int | None = CORPS,
    date: str = "2023-06-04T09:30:00+00:00",
    views: str = "1.2K",
    edited: bool = False,
    kind: str = "text_not_supported_wrap",
) -> str:
    """One post of a page of t.me; `content` is the markup between its author and its footer."""
    seen = f'data-view="{view(channel, number)}"' if channel else ""
    return f"""
<div class="tgme_widget_message_wrap js-widget_message_wrap">
  <div class="tgme_widget_message {kind} js-widget_message" data-post="{name}/{number}" {seen}>
    <div class="tgme_widget_message_user"><a href="https://t.me/{name}"><i data-content="R"></i></a></div>
    <div class="tgme_widget_message_bubble">
      <i class="tgme_widget_message_bubble_tail"><svg><path d="M8,1"></path></svg></i>
      <div class="tgme_widget_message_author accent_color"><a class="tgme_widget_message_owner_name"
        href="https://t.me/{name}"><span dir="auto">РДК</span></a></div>
      {content}
      <div class="tgme_widget_message_footer compact js-message_footer">
        <div class="tgme_widget_message_info short js-message_info">
          <span class="tgme_widget_message_views">{views}</span><span class="copyonly"> views</span><span
            class="tgme_widget_message_meta">{"edited &nbsp;" if edited else ""}<a class="tgme_widget_message_date"
            href="https://t.me/{name}/{number}"><time datetime="{date}" class="time">09:30</time></a></span>
        </div>
      </div>
    </div>
  </div>
</div>"""


def page(*posts: str, name: str = "russvolcorps", title: str = "Русский корпус", before: int | None = None) -> bytes:
    """A page of t.me/s with these posts; `before` is the id that its link to older posts carries."""
    older = (
        f'<a href="/s/{name}?before={before}" class="tme_messages_more js-messages_more" data-before="{before}"></a>'
    )
    return f"""<!DOCTYPE html>
<html>
<head><meta charset="utf-8"><title>{escape(title)} – Telegram</title>
<meta property="og:title" content="{escape(title)}"></head>
<body class="widget_frame_base tgme_webpreview">
<div class="tgme_channel_info"><div class="tgme_channel_info_header">
  <div class="tgme_channel_info_header_title"><span dir="auto">{escape(title)}</span></div>
  <div class="tgme_channel_info_header_username"><a href="https://t.me/{name}">@{name}</a></div>
</div>
<div class="tgme_channel_info_counters"><div class="tgme_channel_info_counter"><span class="counter_value">109K</span>
  <span class="counter_type">subscribers</span></div></div></div>
<main class="tgme_main" data-url="/{name}"><section class="tgme_channel_history js-message_history">
{f'<div class="tgme_widget_message_centered js-messages_more_wrap">{older}</div>' if before else ""}
{"".join(posts)}
</section></main>
<script src="//telegram.org/js/telegram-web.js"></script>
</body>
</html>
<!-- page generated in 141.46ms -->
""".encode()


def export_post(
    number: int,
    content: str,
    *,
    author: str | None = "Русский корпус",
    date: str = "04.06.2023 12:30:00 UTC+03:00",
) -> str:
    """One message of an export in HTML; without `author` it is joined to the one before it."""
    name = f'<div class="from_name">\n{author}\n       </div>' if author else ""
    return f"""
     <div class="message default clearfix{"" if author else " joined"}" id="message{number}">
      <div class="body">
       <div class="pull_right date details" title="{date}">
12:30
       </div>
       {name}
       {content}
      </div>
     </div>
"""


def export_text(content: str) -> str:
    """A message's text in an export; `content` is markup."""
    return f'<div class="text">\n{content}\n       </div>'


def export_service(number: int, content: str) -> str:
    """A service message, or, with a negative number, the line that names the day."""
    return f"""
     <div class="message service" id="message{number}">
      <div class="body details">
{content}
      </div>
     </div>
"""


def export_page(*messages: str, title: str = "Русский корпус") -> bytes:
    """A page of an export in HTML."""
    return f"""<!DOCTYPE html>
<html>
 <head>
  <meta charset="utf-8"/>
  <title>Exported Data</title>
  <link href="css/style.css" rel="stylesheet"/>
  <script src="js/script.js" type="text/javascript"></script>
 </head>
 <body onload="CheckLocation();">
  <div class="page_wrap">
   <div class="page_header">
    <div class="content">
     <div class="text bold">
{title}
     </div>
    </div>
   </div>
   <div class="page_body chat_page">
    <div class="history">
{"".join(messages)}
    </div>
   </div>
  </div>
 </body>
</html>
""".encode()
