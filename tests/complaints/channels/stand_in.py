"""Local stand-ins for messengers' servers. They keep the published contract: signatures, tokens, rate limits, sizes and
error bodies; what a real one would refuse they refuse. Each listens on loopback for the length of a test."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Answer:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Peer:
    """What every stand-in has: the requests it saw, and answers given before its own (faults to try)."""

    url = ""

    def __init__(self) -> None:
        self.seen: list[Asked] = []
        self.faults: list[Answer] = []

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError

    @contextmanager
    def running(self) -> Iterator[Peer]:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                size = int(self.headers.get("content-length") or 0)
                parts = urlsplit(self.path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, parts.path, parse_qs(parts.query), headers, self.rfile.read(size))
                peer.seen.append(asked)
                given = peer.faults.pop(0) if peer.faults else peer.answer(asked)
                content = given.body if isinstance(given.body, bytes) else json.dumps(given.body).encode()
                self.send_response(given.status)
                for name, value in given.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET

            def log_message(self, *args: Any) -> None:
                return

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


class WhatsAppPeer(Peer):
    """Graph API of the WhatsApp Business Platform, as far as we use it."""

    token, phone_id, secret = "EAAG-token", "1002003004", "app-secret"

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, Any]] = []
        self.media: dict[str, bytes] = {}
        # Numbers that wrote within 24 hours: only they get free text.
        self.window: set[str] = set()
        self.not_here: set[str] = set()
        self.templates = {"kabar_laporan"}

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return _graph_error(401, 190, "Error validating access token: Session has expired")
        if asked.method == "GET":
            name = asked.path.rpartition("/")[2]
            if asked.path.startswith("/files/"):
                return Answer(200, self.media[name])
            if name not in self.media:
                return _graph_error(400, 100, "Unsupported get request")
            return Answer(200, {"url": f"{self.url}/files/{name}", "mime_type": "image/jpeg", "id": name})
        if asked.path != f"/{self.phone_id}/messages":
            return _graph_error(404, 100, "Unknown path")
        return self._message(asked.json)

    def _message(self, message: dict[str, Any]) -> Answer:
        to, kind = message.get("to", ""), message.get("type")
        if message.get("messaging_product") != "whatsapp" or not to.isdecimal():
            return _graph_error(400, 100, "Invalid parameter")
        if to in self.not_here:
            return _graph_error(400, 131026, "Message undeliverable")
        if kind == "template":
            template = message["template"]
            if template["name"] not in self.templates:
                return _graph_error(404, 132001, "Template does not exist")
            for part in template["components"][0]["parameters"]:
                if "\n" in part["text"] or "    " in part["text"]:
                    return _graph_error(400, 132018, "Parameter has new-line characters")
        elif to not in self.window:
            return _graph_error(400, 131047, "Re-engagement message")
        elif kind == "text" and not 0 < len(message["text"]["body"]) <= 4096:
            return _graph_error(400, 100, "Invalid parameter")
        elif kind == "interactive":
            buttons = message["interactive"]["action"]["buttons"]
            titles = [one["reply"]["title"] for one in buttons]
            if (
                not 0 < len(buttons) <= 3
                or len(set(titles)) != len(titles)
                or not all(0 < len(t) <= 20 for t in titles)
            ):
                return _graph_error(400, 131009, "Parameter value is not valid")
            if len(message["interactive"]["body"]["text"]) > 1024:
                return _graph_error(400, 131009, "Parameter value is not valid")
        self.sent.append(message)
        return Answer(
            200,
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": to, "wa_id": to}],
                "messages": [{"id": f"wamid.{len(self.sent):04}"}],
            },
        )

    def signed(self, body: bytes) -> str:
        return "sha256=" + hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()


def _graph_error(status: int, code: int, words: str) -> Answer:
    return Answer(status, {"error": {"message": f"(#{code}) {words}", "type": "OAuthException", "code": code}})


class TelegramPeer(Peer):
    """Bot API."""

    token = "123456:ABC-token"

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.blocked: set[str] = set()

    def answer(self, asked: Asked) -> Answer:
        if asked.path.startswith(f"/file/bot{self.token}/"):
            return Answer(200, self.files[asked.path.rpartition("/")[2]])
        if not asked.path.startswith(f"/bot{self.token}/"):
            return Answer(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
        method = asked.path.rpartition("/")[2]
        if method == "getFile":
            name = asked.query["file_id"][0]
            if name not in self.files:
                return Answer(400, {"ok": False, "error_code": 400, "description": "Bad Request: invalid file_id"})
            return Answer(200, {"ok": True, "result": {"file_id": name, "file_path": f"photos/{name}"}})
        if method != "sendMessage":
            return Answer(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        message = asked.json
        if str(message["chat_id"]) in self.blocked:
            said = "Forbidden: bot was blocked by the user"
            return Answer(403, {"ok": False, "error_code": 403, "description": said})
        if not 0 < len(message["text"]) <= 4096:
            return Answer(400, {"ok": False, "error_code": 400, "description": "Bad Request: message is too long"})
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if len(button.get("callback_data", "").encode()) > 64 or not button["text"]:
                    return Answer(400, {"ok": False, "error_code": 400, "description": "BUTTON_DATA_INVALID"})
        self.sent.append(message)
        return Answer(200, {"ok": True, "result": {"message_id": len(self.sent), "chat": {"id": message["chat_id"]}}})


class XPeer(Peer):
    """API v2: mentions of one account, newest first in pages, and replies by it."""

    read_token, user_token, user_id = "app-bearer", "user-bearer", "1708"

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[dict[str, Any]] = []
        self.users = {"501": "warga_inhu", "502": "orang_lain", "1708": "LAPOR1708"}
        self.media: dict[str, bytes] = {}
        self.replies: list[dict[str, Any]] = []
        self.page = 100

    def post(self, text: str, *, author: str = "501", **more: Any) -> dict[str, Any]:
        name = str(9000 + len(self.posts))
        made = {"id": name, "text": text, "author_id": author, "conversation_id": name, **more}
        self.posts.append(made)
        return made

    def answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/media/"):
            return Answer(200, self.media[asked.path.rpartition("/")[2]])
        if asked.path == f"/2/users/{self.user_id}/mentions":
            return self._mentions(asked)
        if asked.path == "/2/tweets" and asked.method == "POST":
            return self._reply(asked)
        return _problem(404, "Not Found Error")

    def _mentions(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {self.read_token}":
            return _problem(401, "Unauthorized")
        asked_for = int(asked.query["max_results"][0])
        if not 5 <= asked_for <= 100:
            return _problem(400, "Invalid Request")
        since = int(asked.query.get("since_id", ["0"])[0])
        newer = [post for post in reversed(self.posts) if int(post["id"]) > since]
        start = int(asked.query.get("pagination_token", ["0"])[0])
        size = min(asked_for, self.page)
        part = newer[start : start + size]
        meta: dict[str, Any] = {"result_count": len(part)}
        if start + size < len(newer):
            meta["next_token"] = str(start + size)
        if not part:
            return Answer(200, {"meta": meta})
        users = [{"id": one, "username": self.users[one], "name": one} for one in {p["author_id"] for p in part}]
        media = [
            {"media_key": key, "type": "photo", "url": f"{self.url}/media/{key}"}
            for post in part
            for key in post.get("attachments", {}).get("media_keys", [])
        ]
        return Answer(200, {"data": part, "includes": {"users": users, "media": media}, "meta": meta})

    def _reply(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {self.user_token}":
            return _problem(401, "Unauthorized")
        said = asked.json
        under = said.get("reply", {}).get("in_reply_to_tweet_id")
        if not 0 < len(said["text"]) <= 280:
            return _problem(400, "Invalid Request")
        if under not in {post["id"] for post in self.posts}:
            return _problem(
                403, "Forbidden", "You attempted to reply to a Tweet that is deleted or not visible to you."
            )
        if said["text"] in {one["text"] for one in self.replies}:
            return _problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.")
        self.replies.append(said)
        return Answer(201, {"data": {"id": str(7000 + len(self.replies)), "text": said["text"]}})


def _problem(status: int, title: str, detail: str = "") -> Answer:
    return Answer(
        status,
        {"title": title, "detail": detail or title, "status": status, "type": "about:blank"},
        {"Content-Type": "application/problem+json"},
    )
