"""What the healthy pretend sites show. The pages look like what the programs really send."""

from __future__ import annotations

from lab.web.asgi import Request, Response

FAVICON = bytes.fromhex("0000010001000101000001001800300000001600000028") + bytes(40)
_TITLES = {
    "example.com": "Northwind Garden Rooms",
    "example.org": "The Fellside Walking Club",
    "example.net": "Harbour Street Lamps",
    "rosebakery.example": "Rose Bakery",
    "greenbikes.example": "Green Bikes Workshop",
    "oldmill.example": "The Old Mill Guest House",
    "xn--mller-kva.example": "Müller Tischlerei",
    "qiq.example": "QiQ web hosting",
}


def page(title: str, body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        f"{head}</head>\n<body>{body}</body></html>\n"
    )


def _wordpress(domain: str) -> Response:
    title = _TITLES.get(domain, domain)
    head = (
        '<meta name="generator" content="WordPress 6.8.3">\n'
        f'<link rel="https://api.w.org/" href="https://{domain}/wp-json/">\n'
        f'<link rel="stylesheet" href="/wp-content/themes/twentytwentyfive/style.css?ver=1.3">\n'
    )
    body = f"<h1>{title}</h1><p>Opening hours, prices and how to find us.</p>" + _filler(title)
    link = f'<https://{domain}/wp-json/>; rel="https://api.w.org/"'
    return Response(200, page(title, body, head), headers=[("link", link), *_php()])


def _shop(domain: str) -> Response:
    title = _TITLES.get(domain, domain)
    head = (
        '<meta name="generator" content="WordPress 6.8.3">\n'
        '<meta name="generator" content="WooCommerce 10.3.4">\n'
    )
    body = f'<h1>{title}</h1><ul class="products"><li>Ship lamp, 49.00</li></ul>' + _filler(title)
    return Response(200, page(title, body, head), headers=_php())


def _joomla(domain: str) -> Response:
    title = _TITLES.get(domain, domain)
    head = '<meta name="generator" content="Joomla! - Open Source Content Management">\n'
    body = f"<h1>{title}</h1><p>Rooms and breakfast.</p>" + _filler(title)
    return Response(200, page(title, body, head), headers=_php())


def _drupal(domain: str) -> Response:
    title = _TITLES.get(domain, domain)
    head = '<meta name="Generator" content="Drupal 11 (https://www.drupal.org)">\n'
    body = f"<h1>{title}</h1><p>Möbel nach Maß.</p>" + _filler(title)
    generator = ("x-generator", "Drupal 11 (https://www.drupal.org)")
    return Response(200, page(title, body, head), headers=[generator, *_php()])


def _static(domain: str) -> Response:
    title = _TITLES.get(domain, domain)
    body = f"<h1>{title}</h1><p>Welcome.</p>" + _filler(title)
    return Response(200, page(title, body), headers=[("last-modified", _LAST_MODIFIED)])


_LAST_MODIFIED = "Mon, 02 Nov 2026 09:00:00 GMT"
_HOMES = {"wordpress": _wordpress, "shop": _shop, "joomla": _joomla, "drupal": _drupal,
          "static": _static}  # fmt: skip
SCRIPTED = frozenset({"wordpress", "shop", "joomla", "drupal"})


def _php() -> list[tuple[str, str]]:
    return [("x-powered-by", "PHP/8.3.14")]


def _filler(title: str) -> str:
    """Enough words that nobody takes the page for an empty one."""
    text = f"{title} has been here for a long time and is glad that you came by."
    return "".join(f"<p>{text}</p>" for _ in range(6)) + '<p><a href="/contact">Contact</a></p>'


def static_file(path: str) -> Response | None:
    """Files the web server sends without a script; None for anything else."""
    if path == "/robots.txt":
        return Response(200, "User-agent: *\nAllow: /\n", "text/plain")
    if path == "/favicon.ico":
        return Response(200, FAVICON, "image/vnd.microsoft.icon")
    if path.endswith("/readme.html"):
        return Response(200, page("ReadMe", "<h1>Read me</h1><p>A static file.</p>"))
    if path.endswith((".css", ".js")):
        return Response(200, "/* style */\n", "text/css")
    if path.startswith("/.well-known/acme-challenge/"):
        return Response(404, "not found\n", "text/plain")
    return None


def home(kind: str, domain: str, request: Request) -> Response:
    """The site's page, or its 404 for a path that is not there."""
    known = ("/", "/index.php", "/index.html", "/contact", "/shop", "/wp-login.php", "/wp-json/")
    if request.path in known:
        return _HOMES[kind](domain)
    return Response(404, page("Page not found", "<h1>Page not found</h1>" + _filler(domain)))


def panel() -> Response:
    body = '<h1>Control panel</h1><form method="post"><input name="user"><input name="pass"></form>'
    return Response(200, page("QiQ control panel: log in", body))


def webmail() -> Response:
    body = '<h1>Webmail</h1><form method="post"><input name="_user"><input name="_pass"></form>'
    return Response(200, page("QiQ webmail: log in", body))
