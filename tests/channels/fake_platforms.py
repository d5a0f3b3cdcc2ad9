"""Pretend Facebook, Telegram and Twilio: they take and refuse what the real ones do."""

from __future__ import annotations

import base64
import io
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.channels.fake_slack import serving


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(out, "PNG")
    return out.getvalue()


class Platforms:
    """What arrived, per platform, and the faults that are switched on."""

    def __init__(self) -> None:
        self.facebook: list[dict[str, Any]] = []
        self.telegram: list[tuple[str, dict[str, Any]]] = []
        self.twilio: list[dict[str, str]] = []
        self.typing: list[str] = []
        """Who saw "typing …", by the platform's own name."""
        self.lose_answer = False
        """The next message is taken and the answer to it is lost."""
        self.down = 0
        self.blocked: set[str] = set()
        """Numbers that said STOP to the carrier."""
        self.url = ""

    def texts(self, channel: str, address: str | None = None) -> list[str]:
        """What was said to ``address`` (to everyone when None), in order."""
        return [text for to, text in self._said(channel) if address in (None, to)]

    def _said(self, channel: str) -> list[tuple[str, str]]:
        if channel == "facebook":
            sent = [body for body in self.facebook if "message" in body]
            return [
                (body["recipient"]["id"], body["message"]["text"])
                for body in sent
                if "text" in body["message"]
            ]
        if channel == "telegram":
            forms = [form for method, form in self.telegram if method == "sendMessage"]
            return [(form["chat_id"], form["text"]) for form in forms]
        return [(form["To"], form.get("Body", "")) for form in self.twilio]

    async def send_facebook(self, request: Request) -> Response:
        if request.headers.get("authorization") != "Bearer page-token":
            return _graph_error(190)
        if self._fails():
            return Response("oops", 503)
        if request.method == "GET":
            return JSONResponse({"id": "PAGE"})
        body = await request.json()
        if "message" in body and not self._facebook_would_take(body["message"]):
            return _graph_error(100)
        if body.get("sender_action") == "typing_on":
            self.typing.append(body["recipient"]["id"])
        self.facebook.append(body)
        if self._loses():
            return Response("lost", 502)
        return JSONResponse(
            {"recipient_id": body["recipient"]["id"], "message_id": f"mid.{len(self.facebook)}"}
        )

    @staticmethod
    def _facebook_would_take(message: dict[str, Any]) -> bool:
        replies = message.get("quick_replies", [])
        if len(message.get("metadata", "")) > 1000:
            return False
        if "attachment" in message:
            url = message["attachment"]["payload"]["url"]
            return "text" not in message and url.startswith("https://")
        return (
            0 < len(message["text"]) <= 2000
            and len(replies) <= 13
            and all(len(r["title"]) <= 20 and len(r["payload"]) <= 1000 for r in replies)
        )

    async def call_telegram(self, request: Request) -> Response:
        if request.path_params["token"] != "7:token":
            return _telegram_error(401, "Unauthorized")
        if self._fails():
            return _telegram_error(502, "Bad Gateway")
        method = request.path_params["method"]
        form = {k: str(v) for k, v in (await request.form()).items()}
        if method == "sendMessage" and not 0 < len(form["text"]) <= 4096:
            return _telegram_error(400, "Bad Request: message is too long")
        if method == "sendPhoto" and not form["photo"].startswith("https://"):
            return _telegram_error(400, "Bad Request: wrong file identifier/HTTP URL specified")
        if method == "sendChatAction" and form["action"] == "typing":
            self.typing.append(form["chat_id"])
        self.telegram.append((method, form))
        return JSONResponse({"ok": True, "result": self._telegram_result(method, form)})

    def _telegram_result(self, method: str, form: dict[str, str]) -> Any:
        if method == "getFile":
            return {"file_id": form["file_id"], "file_unique_id": "u", "file_path": "photos/1.png"}
        if method == "getMe":
            return {"id": 7, "is_bot": True, "first_name": "QiQ"}
        if method in ("sendMessage", "sendPhoto"):
            chat = {"id": int(form["chat_id"]), "type": "private"}
            return {
                "message_id": len(self.telegram),
                "date": 1764000000,
                "chat": chat,
                "text": form.get("text", ""),
            }
        return True

    async def telegram_file(self, request: Request) -> Response:
        return Response(picture(), media_type="image/png")

    async def create_twilio(self, request: Request) -> Response:
        login = base64.b64encode(b"AC1:auth-token").decode()
        if request.headers.get("authorization") != f"Basic {login}":
            return JSONResponse({"code": 20003, "message": "Authenticate", "status": 401}, 401)
        if self._fails():
            return Response("oops", 503)
        form = {k: str(v) for k, v in (await request.form()).items()}
        if code := self._twilio_refuses(form):
            return JSONResponse({"code": code, "message": "no", "status": 400}, 400)
        self.twilio.append(form)
        if self._loses():
            return Response("lost", 502)
        return JSONResponse({"sid": f"SM{len(self.twilio)}", "status": "queued"}, 201)

    def _twilio_refuses(self, form: dict[str, str]) -> int:
        """Twilio's own error code, or 0."""
        if form["To"] in self.blocked:
            return 21610
        if "ContentSid" in form:
            words = json.loads(form["ContentVariables"])
            return 0 if 0 < len(words["1"]) <= 1024 and "\n" not in words["1"] else 63005
        if "MediaUrl" in form:
            return 0 if form["To"].startswith("whatsapp:") else 21612
        return 0 if 0 < len(form.get("Body", "")) <= 1600 else 21617

    async def list_twilio(self, request: Request) -> Response:
        now = format_datetime(datetime.now(UTC))
        found = [
            {"sid": f"SM{n}", "body": form.get("Body", ""), "date_created": now, "to": form["To"]}
            for n, form in enumerate(self.twilio, 1)
            if form["To"] == request.query_params["To"]
        ]
        return JSONResponse({"messages": found[::-1], "page": 0, "page_size": 20})

    async def type_twilio(self, request: Request) -> Response:
        form = await request.form()
        if form["channel"] != "whatsapp" or not str(form["messageId"]).startswith(("SM", "MM")):
            return JSONResponse({"code": 20001, "status": 400}, 400)
        self.typing.append(str(form["messageId"]))
        return JSONResponse({"success": True})

    def _loses(self) -> bool:
        lost, self.lose_answer = self.lose_answer, False
        return lost

    async def twilio_media(self, request: Request) -> Response:
        if "authorization" not in request.headers:
            return Response("no", 401)
        return Response(picture(), media_type="image/png")

    def _fails(self) -> bool:
        self.down = max(0, self.down - 1) if self.down else 0
        return bool(self.down)


def _graph_error(code: int) -> Response:
    return JSONResponse({"error": {"message": "no", "type": "OAuthException", "code": code}}, 400)


def _telegram_error(code: int, text: str) -> Response:
    return JSONResponse({"ok": False, "error_code": code, "description": text}, code)


@asynccontextmanager
async def fake_platforms():
    here = Platforms()
    account = "/2010-04-01/Accounts/{sid}"
    app = Starlette(
        routes=[
            Route("/v25.0/me/messages", here.send_facebook, methods=["POST"]),
            Route("/v25.0/me", here.send_facebook, methods=["GET"]),
            Route("/bot{token}/{method}", here.call_telegram, methods=["POST"]),
            Route("/file/bot{token}/{path:path}", here.telegram_file),
            Route(account + "/Messages.json", here.create_twilio, methods=["POST"]),
            Route(account + "/Messages.json", here.list_twilio, methods=["GET"]),
            Route("/v2/Indicators/Typing.json", here.type_twilio, methods=["POST"]),
            Route(account + "/Messages/{m}/Media/{e}", here.twilio_media),
        ]
    )
    async with serving(app) as url:
        here.url = url
        yield here
