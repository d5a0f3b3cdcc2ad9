"""The scripts and files that make PHP and nginx show a site, or fail like one."""

from __future__ import annotations

from lab.software.unfit import Unfit
from lab.web.asgi import Request, Response
from lab.web.behaviours import BEHAVIOURS
from lab.web.pages import SCRIPTED, home, panel, webmail
from lab.world import Site

_REQUEST = Request("GET", "/", "site.example", {}, True, "")
_AS_PAGE = ("critical-error", "db-error", "maintenance", "defaced", "mixed-content")
_WHOLE_SITE = ("suspended", "parked", "blocked-prober", "status", "default-page")
SHOW_ERRORS = "<?php ini_set('display_errors', '1'); ini_set('html_errors', '1');\n"

SCRIPTS = {
    "white": "<?php exit;\n",
    "php-fatal": SHOW_ERRORS + "get_gallery();\n",
    "php-memory": SHOW_ERRORS
    + "ini_set('memory_limit', '4M'); $a = []; while (true) { $a[] = str_repeat('x', 100000); }\n",
    "hacked": "<?php if (strpos($_SERVER['HTTP_REFERER'] ?? '', 'google.') !== false) "
    "{ header('Location: https://cheap-pills.example/?ref=42', true, 302); exit; } ?>\n",
    "redirect-loop": "<?php $other = empty($_SERVER['HTTPS']) ? 'https' : 'http'; "
    "header('Location: ' . $other . '://' . $_SERVER['HTTP_HOST'] . '/', true, 301);\n",
    "to-www": "<?php $host = $_SERVER['HTTP_HOST']; if (strpos($host, 'www.') !== 0) "
    "{ header('Location: https://www.' . $host . '/', true, 301); exit; } ?>\n",
    "endless": "<?php echo '<html><body>'; while (!connection_aborted()) "
    "{ echo str_repeat('<p>and another line</p>', 200); flush(); usleep(20000); }\n",
    "drip": "<?php echo '<html>'; while (!connection_aborted()) "
    "{ echo ' '; flush(); usleep(500000); }\n",
}
"""What a behaviour is in PHP; those that do not end show the healthy page after them."""
_BEFORE_PAGE = ("hacked", "to-www")


def answered(site: Site, domain: str) -> Response:
    """What the embedded lab would say; the page that the real server then sends."""
    request = Request("GET", "/", domain, {}, True, "")
    answer = BEHAVIOURS[site.behaviour](request, site.args, False)
    if answer is None:
        raise Unfit(f"{site.behaviour} has no page")
    return answer


def healthy_page(site: Site, domain: str) -> str:
    if site.kind == "panel":
        return _text(panel())
    if site.kind == "webmail":
        return _text(webmail())
    return _text(home(site.kind, domain, _REQUEST))


def _text(answer: Response) -> str:
    return answer.body if isinstance(answer.body, str) else answer.body.decode()


def script(site: Site, domain: str) -> str | None:
    """``index.php`` of a site; None when there is to be none."""
    page = healthy_page(site, domain)
    word, args = site.behaviour, site.args
    if word in _BEFORE_PAGE:
        return SCRIPTS[word] + page
    if word in SCRIPTS:
        return SCRIPTS[word]
    if word == "script-status":
        return _status_script(int(args.get("status", 500)), site, domain)
    if word == "slow":
        return f"<?php usleep({int(float(args.get('seconds', 3)) * 1_000_000)}); ?>\n" + page
    if word == "redirect":
        return f"<?php header('Location: {args['to']}', true, 302);\n"
    if word in _AS_PAGE:
        answer = answered(site, domain)
        return f"<?php http_response_code({answer.status}); ?>\n" + _text(answer)
    if word in ("ok", "php-source", *_WHOLE_SITE):
        return "<?php define('SITE', true); ?>\n" + page
    if word == "index-of":
        return None
    raise Unfit(f"PHP cannot be {word}")


def _status_script(status: int, site: Site, domain: str) -> str | None:
    if status in (403, 404):
        return None
    if status == 500:
        # The real thing: an uncaught error with its text hidden gives an empty 500.
        return "<?php ini_set('display_errors', '0'); undefined_function_of_a_plugin();\n"
    if status == 504:
        return "<?php sleep(20);\n"
    return f"<?php http_response_code({status}); ?>\n" + _text(answered(site, domain))


def is_scripted(site: Site) -> bool:
    """Whether PHP makes the page: by what the site is, or because its fault needs a script."""
    return site.kind in SCRIPTED or site.behaviour in SCRIPTS or site.behaviour == "slow"


def whole_site(site: Site, domain: str) -> Response | None:
    """The one answer to every path, for faults above the script; None for all others."""
    return answered(site, domain) if site.behaviour in _WHOLE_SITE else None
