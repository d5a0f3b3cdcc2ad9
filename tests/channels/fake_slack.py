"""A pretend Slack: takes and refuses what the real one does, and keeps what arrived."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.channels.wire import fixture

Sent = tuple[str, str]
"""Body and content type."""
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


class FakeSlack:
    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.updates: list[dict[str, Any]] = []
        self.ephemerals: list[dict[str, Any]] = []
        self.views: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.members = ["U_JO", "U_LEE"]
        self.down = False
        self.rate_limit = 0
        self.cut_off = False
        self.closed: set[str] = set()
        self.lose_answer_of = ""
        self._clock = itertools.count(1)
        self.url = ""
        self.refuse_socket = False
        self.app = Starlette()
        self.files: dict[str, dict[str, Any]] = {}

    async def call(self, request: Request) -> Response:
        method = request.path_params["method"]
        self.calls.append(method)
        if self.cut_off:
            return _cut_off()
        if self.down:
            return JSONResponse({"ok": False, "error": "fatal_error"}, 503)
        if self.rate_limit:
            self.rate_limit -= 1
            limited = fixture("slack", "rate_limited")
            return JSONResponse(limited["body"], limited["status"], limited["headers"])
        token = "xapp-test" if method.startswith("apps.") else "xoxb-test"
        if request.headers.get("authorization") != f"Bearer {token}":
            return JSONResponse({"ok": False, "error": "invalid_auth"})
        answer = self._answer(method, await self._arguments(request))
        if method == self.lose_answer_of:
            self.lose_answer_of = ""
            return JSONResponse({"ok": False, "error": "internal_error"}, 500)
        return JSONResponse(answer)

    async def _arguments(self, request: Request) -> dict[str, Any]:
        if request.headers.get("content-type", "").startswith("application/json"):
            return await request.json()
        found = {**request.query_params, **(await request.form())}
        return {key: self._loads(value) for key, value in found.items()}

    @staticmethod
    def _loads(value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value

    def _answer(self, method: str, args: dict[str, Any]) -> dict[str, Any]:
        handler = getattr(self, "on_" + method.replace(".", "_"), None)
        if handler is None:
            return {"ok": False, "error": "unknown_method"}
        problem = self._refuse(args)
        return {"ok": False, "error": problem} if problem else {"ok": True} | handler(args)

    def _refuse(self, args: dict[str, Any]) -> str | None:
        """The documented limits of Block Kit and chat.postMessage."""
        there = {m["ts"] for m in self.messages}
        if str(args.get("channel", "C"))[0] not in "CDGU":
            return "channel_not_found"
        if args.get("channel") in self.closed:
            return "is_archived"
        if args.get("thread_ts") and args["thread_ts"] not in there | {"17.1", EVENT_TS}:
            return "thread_not_found"
        if "ts" in args and "blocks" in args and args["ts"] not in there:
            return "message_not_found"
        if "view" in args and not args.get("trigger_id"):
            return "invalid_trigger"
        blocks = args.get("blocks") or (args.get("view") or {}).get("blocks") or []
        if len(blocks) > 50:
            return "invalid_blocks"
        for block in blocks:
            text = (block.get("text") or {}).get("text", "")
            limit = 150 if block["type"] == "header" else 3000
            if block["type"] in ("header", "section") and not 0 < len(text) <= limit:
                return "invalid_blocks"
            elements = block.get("elements", [])
            if block["type"] == "actions" and not 0 < len(elements) <= 25:
                return "invalid_blocks"
            for element in elements:
                if element["type"] == "button" and (
                    len(element["text"]["text"]) > 75 or len(element.get("value", "")) > 2000
                ):
                    return "invalid_blocks"
        if len(str(args.get("text", ""))) > 40000:
            return "msg_too_long"
        view = args.get("view") or {}
        if view and (
            len(view["title"]["text"]) > 24 or len(view.get("private_metadata", "")) > 3000
        ):
            return "invalid_arguments"
        return None

    def on_auth_test(self, args: dict[str, Any]) -> dict[str, Any]:
        return {"url": "https://t.slack.example/", "team": "T", "user": "qiq", "team_id": "T1",
                "user_id": "U_BOT", "bot_id": "B1"}  # fmt: skip

    def on_apps_connections_open(self, args: dict[str, Any]) -> dict[str, Any]:
        if self.refuse_socket:
            return {"ok": False, "error": "invalid_auth"}
        return {"url": self.url.removesuffix("/api").replace("http", "ws") + "/link"}

    def on_chat_postMessage(self, args: dict[str, Any]) -> dict[str, Any]:
        ts = f"{1764000000 + next(self._clock)}.000100"
        self.messages.append({**args, "ts": ts})
        return {"channel": args["channel"], "ts": ts, "message": args}

    def on_chat_update(self, args: dict[str, Any]) -> dict[str, Any]:
        self.updates.append(args)
        return {"channel": args["channel"], "ts": args["ts"]}

    def on_files_getUploadURLExternal(self, args: dict[str, Any]) -> dict[str, Any]:
        file_id = f"F{next(self._clock)}"
        self.files[file_id] = {"name": args["filename"], "length": int(args["length"])}
        base = self.url.removesuffix("/api")
        return {"file_id": file_id, "upload_url": f"{base}/upload/{file_id}"}

    def on_files_completeUploadExternal(self, args: dict[str, Any]) -> dict[str, Any]:
        shared = [{"id": one["id"], "name": self.files[one["id"]]["name"]} for one in args["files"]]
        if any("data" not in self.files[one["id"]] for one in args["files"]):
            return {"ok": False, "error": "file_not_found"}
        self.on_chat_postMessage(
            {"channel": args["channel_id"], "thread_ts": args["thread_ts"],
             "text": args.get("initial_comment", ""), "files": shared}
        )  # fmt: skip
        return {"files": shared}

    def on_files_info(self, args: dict[str, Any]) -> dict[str, Any]:
        found = self.files.get(args["file"])
        if found is None:
            return {"ok": False, "error": "file_not_found"}
        base = self.url.removesuffix("/api")
        url = found.get("url") or f"{base}/download/{args['file']}"
        return {"file": {"id": args["file"], "size": len(found["data"]), "name": found["name"],
                         "url_private_download": url}}  # fmt: skip

    async def upload(self, request: Request) -> Response:
        body = await request.body()
        file = self.files[request.path_params["file"]]
        if file["length"] not in (len(body), _multipart_length(body)):
            return Response("length", 400)
        file["data"] = body
        return Response("OK")

    async def download(self, request: Request) -> Response:
        if request.headers.get("authorization") != "Bearer xoxb-test":
            return Response("<html>sign in</html>")
        return Response(self.files[request.path_params["file"]]["data"])

    def on_chat_postEphemeral(self, args: dict[str, Any]) -> dict[str, Any]:
        self.ephemerals.append(args)
        return {"message_ts": "1"}

    def on_views_open(self, args: dict[str, Any]) -> dict[str, Any]:
        self.views.append(args["view"])
        return {"view": {**args["view"], "id": "V1"}}

    def on_users_info(self, args: dict[str, Any]) -> dict[str, Any]:
        names = {"U_JO": "Jo", "U_LEE": "Lee", "U_EVE": "Eve"}
        return {"user": {"id": args["user"], "profile": {"display_name": names[args["user"]]}}}

    def on_usergroups_users_list(self, args: dict[str, Any]) -> dict[str, Any]:
        return {"users": self.members}

    def on_conversations_history(self, args: dict[str, Any]) -> dict[str, Any]:
        return {"messages": [m for m in self.messages if m["channel"] == args["channel"]]}

    def on_conversations_replies(self, args: dict[str, Any]) -> dict[str, Any]:
        return {"messages": [m for m in self.messages if m.get("thread_ts") == args["ts"]]}

    def forget(self, ts: str) -> None:
        """Somebody deletes a message and its thread."""
        self.messages = [m for m in self.messages if ts not in (m["ts"], m.get("thread_ts"))]

    def roots(self) -> list[dict[str, Any]]:
        return [m for m in self.messages if not m.get("thread_ts")]

    def thread(self, ts: str | None = None) -> list[str]:
        """Lines of the thread of ``ts``; of every thread when None."""
        return [
            m["text"] for m in self.messages if m.get("thread_ts") and ts in (None, m["thread_ts"])
        ]

    def now(self, ts: str) -> dict[str, Any]:
        """A message as it stands after its updates."""
        posted = next(m for m in self.messages if m["ts"] == ts)
        return next((u for u in reversed(self.updates) if u["ts"] == ts), posted)


def _cut_off() -> Response:
    """An answer whose connection ends in the middle."""

    async def half() -> AsyncIterator[bytes]:
        yield b'{"ok"'

    headers = {"Content-Length": "1000", "Content-Type": "application/json"}
    return StreamingResponse(half(), headers=headers)


def _multipart_length(body: bytes) -> int:
    """Bytes of the one part of a form, which Slack's upload address takes as well."""
    return len(body.partition(b"\r\n\r\n")[2].rpartition(b"\r\n--")[0].rpartition(b"\r\n--")[0])


EVENT_TS = "1764000000.000600"
"""Of the event in the fixture: staff's own message, which Slack has."""


def signed(body: str, *, secret: str = SECRET, age: float = 0) -> dict[str, str]:
    stamp = str(int(time.time() - age))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


FORM = "application/x-www-form-urlencoded"
_TRIGGERS = itertools.count(1)


def event(text: str | None = None, *, id: str = "", kind: str = "app_mention", **more: Any) -> Sent:
    """An event of the documentation, with another text, id or field."""
    body = fixture("slack", kind)
    body["event_id"] = id or body["event_id"]
    body["event"] |= {"text": text, **more} if text is not None else more
    return json.dumps(body), "application/json"


def command(text: str, *, user: str = "U_JO", response_url: str = "") -> Sent:
    """What a slash command sends; each has a trigger of its own."""
    form = fixture("slack", "slash_command") | {"text": text, "user_id": user}
    form |= {"response_url": response_url, "trigger_id": f"t{next(_TRIGGERS)}"}
    return urlencode(form), FORM


def action(
    name: str, conversation: str, *, user: str = "U_JO", ts: str = "17.1", room: str = "C_MAIL"
) -> Sent:
    """A pressed button of a root message."""
    payload = fixture("slack", f"block_actions_{name}")
    payload["actions"][0]["value"] = conversation
    payload["trigger_id"] = f"t{next(_TRIGGERS)}"
    payload["user"]["id"] = user
    payload["channel"]["id"] = room
    payload["message"]["ts"] = ts
    return urlencode({"payload": json.dumps(payload)}), FORM


def submit(
    view: dict[str, Any],
    *,
    user: str = "U_JO",
    text: str | None = None,
    file: dict[str, Any] | None = None,
) -> Sent:
    """A window that is sent off: the first with ``text``, the second as it is."""
    payload = fixture("slack", "view_submission_write" if text else "view_submission_send")
    values = payload["view"]["state"]["values"]
    if text:
        values["reply"]["text"]["value"] = text
        values["file"]["file"]["files"] = [file] if file else []
    payload["view"] |= {k: v for k, v in view.items() if k != "state"}
    payload["user"]["id"] = user
    payload["trigger_id"] = f"t{next(_TRIGGERS)}"
    return urlencode({"payload": json.dumps(payload)}), FORM


@asynccontextmanager
async def serving(app: Starlette):
    """The application on a port the system chose, until the block ends."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1)
    )
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def fake_slack():
    slack = FakeSlack()
    app = Starlette(
        routes=[
            Route("/api/{method}", slack.call, methods=["GET", "POST"]),
            Route("/upload/{file}", slack.upload, methods=["POST"]),
            Route("/download/{file}", slack.download),
        ]
    )
    slack.app = app
    async with serving(app) as url:
        slack.url = f"{url}/api"
        yield slack
