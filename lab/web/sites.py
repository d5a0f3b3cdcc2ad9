"""Which site answers a request: by host name, then by what is wrong with it at the moment."""

from __future__ import annotations

from collections.abc import Callable

from lab.hosts import BRAND, HOSTS
from lab.web.asgi import Handler, Request, Response
from lab.web.behaviours import BEHAVIOURS, default_page, delay, parked
from lab.web.pages import SCRIPTED, home, panel, static_file, webmail
from lab.world import Site, World


def site_handler(world: Callable[[], World]) -> Handler:
    """The web servers of all pretend machines, told apart by the address called."""

    async def handle(request: Request) -> Response:
        if request.address == HOSTS["parking"]:
            return parked(request, {}, False) or Response(500)
        domain = request.host.removeprefix("www.")
        sites = world().sites
        server = sites.get("*")
        key = domain if domain in sites else request.host
        site = sites.get(key)
        is_static = static_file(request.path) is not None
        late = 0.0
        for state in (server, site):
            if state and state.behaviour in BEHAVIOURS:
                answer = BEHAVIOURS[state.behaviour](request, state.args, is_static)
                if answer is not None:
                    return answer
            elif state:
                late += delay(state.behaviour, state.args, is_static)
        if site is None:
            return default_page(request, {}, False) or Response(500)
        answer = healthy(request, domain, site)
        # A redirect to https is the web server's own work and comes before the script.
        redirected = answer.status == 301 and not (server and server.args.get("all"))
        answer.seconds = 0.0 if redirected else late
        return answer

    return handle


def healthy(request: Request, domain: str, site: Site) -> Response:
    if site.kind == "panel":
        return static_file(request.path) or panel()
    if site.kind == "webmail":
        return static_file(request.path) or webmail()
    if site.kind in SCRIPTED and not request.secure and static_file(request.path) is None:
        target = f"https://{request.host}{request.path}"
        return Response(301, b"", headers=[("location", target)])
    return static_file(request.path) or home(site.kind, domain, request)


def panel_handler(world: Callable[[], World]) -> Handler:
    """The panel's own port: one page, whatever the host name."""

    async def handle(request: Request) -> Response:
        site = world().sites[f"panel.{BRAND}"]
        if site.behaviour in BEHAVIOURS:
            answer = BEHAVIOURS[site.behaviour](request, site.args, False)
            if answer is not None:
                return answer
        return panel()

    return handle
