"""What can be wrong with a site. One function per behaviour: request and arguments in, answer out.

A behaviour that returns None leaves the request to the healthy site. ``static`` tells whether the
path is a file the web server sends without a script.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from lab.web.asgi import Request, Response
from lab.web.pages import page

Args = dict[str, Any]
Behaviour = Callable[[Request, Args, bool], Response | None]
_PHP = [("x-powered-by", "PHP/8.3.14")]

_ERRORS = {
    403: "Forbidden",
    404: "Not Found",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
    508: "Resource Limit Is Reached",
}


def _error(status: int) -> Response:
    text = _ERRORS[status]
    body = f"<center><h1>{status} {text}</h1></center><hr><center>nginx</center>"
    return Response(status, page(f"{status} {text}", body))


def script_status(request: Request, args: Args, static: bool) -> Response | None:
    """The script fails; files are fine."""
    return None if static else _error(int(args.get("status", 500)))


def status(request: Request, args: Args, static: bool) -> Response | None:
    """Every path fails: the web server itself, or the whole site."""
    return _error(int(args.get("status", 500)))


def white(request: Request, args: Args, static: bool) -> Response | None:
    """WordPress's white screen: the script died without a word; 200 or 500."""
    return None if static else Response(int(args.get("status", 200)), b"", headers=_PHP)


def critical_error(request: Request, args: Args, static: bool) -> Response | None:
    if static:
        return None
    body = (
        '<div class="wp-die-message"><p>There has been a critical error on this website.</p></div>'
    )
    return Response(500, page("WordPress &rsaquo; Error", body), headers=_PHP)


def php_fatal(request: Request, args: Args, static: bool) -> Response | None:
    if static:
        return None
    where = "/home/site/public_html/wp-content/plugins/gallery/main.php"
    body = (
        f"<br /><b>Fatal error</b>:  Uncaught Error: Call to undefined function get_gallery() in "
        f"{where}:41\nStack trace:\n#0 {{main}}\n  thrown in <b>{where}</b> on line <b>41</b><br />"
    )
    return Response(int(args.get("status", 200)), body, headers=_PHP)


def php_memory(request: Request, args: Args, static: bool) -> Response | None:
    if static:
        return None
    where = "/home/site/public_html/wp-includes/class-wpdb.php"
    body = (
        "<br /><b>Fatal error</b>:  Allowed memory size of 134217728 bytes exhausted (tried to "
        f"allocate 20480 bytes) in <b>{where}</b> on line <b>2056</b><br />"
    )
    return Response(500, body, headers=_PHP)


def db_error(request: Request, args: Args, static: bool) -> Response | None:
    if static:
        return None
    body = "<h1>Error establishing a database connection</h1>"
    return Response(500, page("Database Error", body), headers=_PHP)


def maintenance(request: Request, args: Args, static: bool) -> Response | None:
    if static:
        return None
    body = "<h1>Briefly unavailable for scheduled maintenance. Check back in a minute.</h1>"
    return Response(503, page("Maintenance", body), headers=[("retry-after", "600"), *_PHP])


def default_page(request: Request, args: Args, static: bool) -> Response | None:
    body = (
        "<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully "
        "installed and working. Further configuration is required.</p>"
    )
    return Response(200, page("Welcome to nginx!", body))


def parked(request: Request, args: Args, static: bool) -> Response | None:
    body = (
        "<h1>This domain is parked</h1><p>This domain name has been registered and is parked. "
        "Is it yours? Buy this domain.</p>"
    )
    return Response(200, page("Parked domain", body))


def index_of(request: Request, args: Args, static: bool) -> Response | None:
    if request.path != "/":
        return None
    body = '<h1>Index of /</h1><hr><pre><a href="cgi-bin/">cgi-bin/</a></pre><hr>'
    return Response(200, page("Index of /", body))


def hacked(request: Request, args: Args, static: bool) -> Response | None:
    """Sends visitors who come from a search to a spam shop; everyone else sees the site."""
    from_search = "google." in request.headers.get("referer", "")
    crawler = "googlebot" in request.headers.get("user-agent", "").lower()
    if static or not (from_search or crawler):
        return None
    return Response(302, b"", headers=[("location", "https://cheap-pills.example/?ref=42")])


def defaced(request: Request, args: Args, static: bool) -> Response | None:
    if static:
        return None
    body = "<h1>Hacked by Gh0stCrew</h1><p>Your security is low. Greetz to all.</p>"
    return Response(200, page("Hacked by Gh0stCrew", body))


def redirect_loop(request: Request, args: Args, static: bool) -> Response | None:
    if static:
        return None
    other = "http" if request.secure else "https"
    target = f"{other}://{request.host}{request.path}"
    return Response(301, b"", headers=[("location", target), *_PHP])


def redirect(request: Request, args: Args, static: bool) -> Response | None:
    if static:
        return None
    return Response(302, b"", headers=[("location", str(args["to"]))])


def huge_headers(request: Request, args: Args, static: bool) -> Response | None:
    if static:
        return None
    many = [(f"x-filler-{n}", "y" * 4000) for n in range(100)]
    return Response(200, page("Headers", "<p>Many headers.</p>"), headers=many)


def endless(request: Request, args: Args, static: bool) -> Response | None:
    async def flow() -> AsyncIterator[bytes]:
        while True:
            yield b"<p>and another line</p>\n" * 200
            await asyncio.sleep(0.02)

    return None if static else Response(200, b"<html><body>", flow=flow())


def drip(request: Request, args: Args, static: bool) -> Response | None:
    """Headers at once, then a byte now and then, for ever."""

    async def flow() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.5)

    return None if static else Response(200, b"<html>", flow=flow())


def blocked_prober(request: Request, args: Args, static: bool) -> Response | None:
    """A firewall in the site that takes programs for attackers and lets browsers pass."""
    body = "<h1>Access denied</h1><p>Your access to this site has been limited by Wordfence.</p>"
    return Response(403, page("Access denied", body))


def mixed(request: Request, args: Args, static: bool) -> Response | None:
    """http shows an old site, https the new one: two different places."""
    if request.secure or static:
        return None
    body = "<h1>Our old site</h1><p>Copyright 2009</p>" * 3
    return Response(200, page("Old site", body))


def suspended(request: Request, args: Args, static: bool) -> Response | None:
    body = "<h1>Account Suspended</h1><p>This Account has been suspended.</p>"
    return Response(200, page("Account Suspended", body))


def php_source(request: Request, args: Args, static: bool) -> Response | None:
    """The script is sent instead of run."""
    if static:
        return None
    source = "<?php\ndefine( 'WP_USE_THEMES', true );\nrequire __DIR__ . '/wp-blog-header.php';\n"
    return Response(200, source, "text/plain")


def two_versions(request: Request, args: Args, static: bool) -> Response | None:
    """Without encryption there is still the site of years ago, in a folder of its own."""
    if static:
        return None
    if request.secure:
        return Response(
            200, page("Rose Bakery", "<h1>Fresh bread since 2019</h1><p>Order now.</p>")
        )
    return Response(200, page("Coming soon", "<h1>Our new home</h1><p>Opening in spring 2012</p>"))


def mixed_content(request: Request, args: Args, static: bool) -> Response | None:
    if static or not request.secure:
        return None
    image = (
        f'<img src="http://{request.host}/picture.jpg"><script src="http://{request.host}/a.js">'
    )
    return Response(200, page("Pictures", image + "</script>" + "<p>Our pictures.</p>" * 40))


def to_www(request: Request, args: Args, static: bool) -> Response | None:
    """An ordinary site that prefers https and www: two redirects, then the page."""
    if static or (request.secure and request.host.startswith("www.")):
        return None
    host = request.host if not request.secure else f"www.{request.host}"
    return Response(301, b"", headers=[("location", f"https://{host}{request.path}")])


def delay(behaviour: str, args: Args, static: bool) -> float:
    """Seconds that ``slow`` adds to a healthy answer; files come at once unless ``all`` is set."""
    if behaviour != "slow" or (static and not args.get("all")):
        return 0.0
    return float(args.get("seconds", 3))


BEHAVIOURS: dict[str, Behaviour] = {
    "script-status": script_status,
    "status": status,
    "white": white,
    "critical-error": critical_error,
    "php-fatal": php_fatal,
    "php-memory": php_memory,
    "db-error": db_error,
    "maintenance": maintenance,
    "default-page": default_page,
    "parked": parked,
    "index-of": index_of,
    "hacked": hacked,
    "defaced": defaced,
    "redirect-loop": redirect_loop,
    "redirect": redirect,
    "huge-headers": huge_headers,
    "endless": endless,
    "drip": drip,
    "blocked-prober": blocked_prober,
    "mixed": mixed,
    "suspended": suspended,
    "php-source": php_source,
    "mixed-content": mixed_content,
    "two-versions": two_versions,
    "to-www": to_www,
}
