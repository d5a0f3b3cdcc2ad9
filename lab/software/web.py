"""Websites by nginx and PHP-FPM."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lab.hosts import BRAND, HOSTS
from lab.software import pages
from lab.software.daemon import Daemon
from lab.software.unfit import Unfit
from lab.web.pages import SCRIPTED
from lab.web.pages import page as html
from lab.world import Site, World

WELCOME = html(
    "Welcome to nginx!", "<h1>Welcome to nginx!</h1><p>Further configuration is required.</p>"
)
_WIRES = ("ok", "refused", "dropped", "hung", "half-open")


class PhpFpm(Daemon):
    """Runs the scripts of all sites."""

    def __init__(self, folder: Path, program: str) -> None:
        command = [program, "--nodaemonize", "--fpm-config", str(folder / "fpm.conf"), "-n", "-R"]
        super().__init__("php-fpm", folder, command)
        self.socket = folder / "php.sock"

    async def apply(self) -> None:
        new = self.write({self.folder / "fpm.conf": self._config()})
        if new or not self.running:
            await self.stop()
            await self.start(up=[])
            await self.until(self.socket.is_socket, "does not listen")

    def _config(self) -> str:
        return f"""[global]
error_log = {self.folder}/fpm.log
[www]
user = nobody
group = nogroup
listen = {self.socket}
listen.mode = 0666
pm = static
pm.max_children = 6
request_terminate_timeout = 15s
php_admin_value[output_buffering] = 0
"""


class Nginx(Daemon):
    """``ports`` needs http, https and panel; ``pem`` gives a certificate id's file."""

    def __init__(
        self, folder: Path, ports: dict[str, int], pem: Callable[[str], Path], php: Path
    ) -> None:
        command = [
            "nginx",
            "-p",
            str(folder),
            "-c",
            str(folder / "nginx.conf"),
            "-g",
            "daemon off;",
        ]
        super().__init__("nginx", folder, command)
        self.ports = ports
        self.pem = pem
        self.php = php

    async def apply(self, world: World, pem_changed: bool) -> None:
        modes = {s: world.wires["server1", s].mode for s in ("http", "https", "panel")}
        if set(modes.values()) - set(_WIRES):
            raise Unfit(f"nginx cannot be {modes} on the wire")
        frozen = {mode for mode in modes.values() if mode in ("hung", "half-open")}
        if frozen and len(set(modes.values()) - {"hung", "half-open"}) and modes["panel"] != "ok":
            raise Unfit("nginx freezes as a whole")
        new = self.write(self._files(world))
        if new or pem_changed or self.frozen or not self.running:
            await self.stop()
            up = [(HOSTS["server1"], self.ports[s]) for s in modes if self._open(world, s)]
            await self.start(up=up)
        if frozen:
            self.freeze()

    def _open(self, world: World, service: str) -> bool:
        return world.wires["server1", service].mode not in ("refused", "dropped")

    def _files(self, world: World) -> dict[Path, str]:
        if (world.sites["*"].behaviour) not in ("ok", "status"):
            raise Unfit(f"nginx cannot be {world.sites['*'].behaviour}")
        files = {self.folder / "welcome" / "index.html": WELCOME}
        blocks = [self._default(world)]
        for name, site in world.sites.items():
            if name == "*" or site.behaviour == "default-page":
                continue
            files |= self._root(name, site)
            blocks += self._servers(world, name, site)
        files[self.folder / "nginx.conf"] = (
            _HEAD.format(folder=self.folder) + "".join(blocks) + "}\n"
        )
        return files

    def _root(self, name: str, site: Site) -> dict[Path, str]:
        root = self.folder / "sites" / name
        files = {
            root / "robots.txt": "User-agent: *\nAllow: /\n",
            root / "readme.html": html("ReadMe", "<h1>Read me</h1>"),
            root / "favicon.ico": "icon",
        }
        index = pages.script(site, name)
        if index is not None:
            php = pages.is_scripted(site) or index.startswith("<?php ")
            files[root / ("index.php" if php else "index.html")] = index
        return files

    def _listen(self, world: World, address: str, service: str, more: str = "") -> str:
        if address == HOSTS["server1"] and not self._open(world, service):
            return ""
        secure = "" if service == "http" else " ssl"
        return f"  listen {address}:{self.ports[service]}{secure}{more};\n"

    def _default(self, world: World) -> str:
        """Whoever asks for a name that is not there gets the server's own page."""
        welcome = f"  location / {{ root {self.folder}/welcome; }}\n"
        parts = []
        for address, identity in ((HOSTS["server1"], "brand"), (HOSTS["otherhost"], "otherhost")):
            listens = "".join(
                self._listen(world, address, s, " default_server") for s in ("http", "https")
            )
            if listens:
                every = self._every(world) if identity == "brand" else ""
                inside = every or welcome
                parts.append(f"server {{\n{listens}{self._certificate(identity)}{inside}}}\n")
        parked = pages.answered(Site("static", "parked"), "parked.example").body
        body = _nginx_string(str(parked))
        listens = f"  listen {HOSTS['parking']}:{self.ports['http']};\n"
        listens += f"  listen {HOSTS['parking']}:{self.ports['https']} ssl;\n"
        parts.append(
            f"server {{\n{listens}{self._certificate('parking')}"
            f"  default_type text/html;\n  location / {{ return 200 {body}; }}\n}}\n"
        )
        return "".join(parts)

    def _every(self, world: World) -> str:
        star = world.sites["*"]
        if star.behaviour != "status":
            return ""
        return f"  location / {{ return {star.args.get('status', 500)}; }}\n"

    def _certificate(self, identity: str) -> str:
        path = self.pem(identity)
        return f"  ssl_certificate {path};\n  ssl_certificate_key {path};\n"

    def _servers(self, world: World, name: str, site: Site) -> list[str]:
        elsewhere = name == "otherhost.example"
        address = HOSTS["otherhost"] if elsewhere else HOSTS["server1"]
        identity = "brand" if name.endswith(BRAND) else name.removesuffix(".example")
        identity = identity if elsewhere or name.endswith(BRAND) else name
        names = f"  server_name {name} www.{name};\n"
        every = "" if elsewhere else self._every(world)
        inside = every or self._inside(name, site)
        service = "panel" if site.kind == "panel" else "https"
        secure = self._listen(world, address, service)
        blocks = []
        if secure:
            blocks.append(f"server {{\n{secure}{names}{self._certificate(identity)}{inside}}}\n")
        plain = self._listen(world, address, "http")
        if plain:
            to_https = site.kind in SCRIPTED and site.behaviour == "ok" and not every
            # A scripted site in good health sends visitors to https, as most do.
            body = "  location / { return 301 https://$host$request_uri; }\n"
            blocks.append(f"server {{\n{plain}{names}{body if to_https else inside}}}\n")
        return blocks

    def _inside(self, name: str, site: Site) -> str:
        whole = pages.whole_site(site, name)
        if whole is not None:
            body = _nginx_string(whole.body if isinstance(whole.body, str) else "")
            return f"  default_type text/html;\n  location / {{ return {whole.status} {body}; }}\n"
        php = self.php
        more = ""
        if site.behaviour == "script-status" and site.args.get("status") == 502:
            php = self.folder / "nobody-listens.sock"
        if site.behaviour == "script-status" and site.args.get("status") == 504:
            more = "    fastcgi_read_timeout 1s;\n"
        if site.behaviour in ("endless", "drip"):
            more = "    fastcgi_buffering off;\n"
        listing = "  autoindex on;\n" if site.behaviour == "index-of" else ""
        missing = site.behaviour == "script-status" and site.args.get("status") == 404
        root = f"  root {self.folder}/sites/{name};\n  index index.php index.html;\n{listing}"
        root += f"  location / {{ try_files $uri {'' if missing else '$uri/ '}=404; }}\n"
        if site.behaviour == "php-source":
            return root + "  location ~ \\.php$ { default_type text/plain; }\n"
        return (
            f"{root}  location ~ \\.php$ {{\n    fastcgi_pass unix:{php};\n{more}"
            "    fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;\n"
            "    fastcgi_param QUERY_STRING $query_string;\n"
            "    fastcgi_param REQUEST_METHOD $request_method;\n"
            "    fastcgi_param REQUEST_URI $request_uri;\n"
            "    fastcgi_param HTTPS $https if_not_empty;\n"
            "    fastcgi_param HTTP_HOST $host;\n"
            "    fastcgi_param HTTP_REFERER $http_referer;\n  }\n"
        )


def _nginx_string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "&#36;") + '"'


_HEAD = """user nobody nogroup;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log off;
  server_tokens off;
  client_body_temp_path {folder}/tmp1;
  proxy_temp_path {folder}/tmp2;
  fastcgi_temp_path {folder}/tmp3;
  uwsgi_temp_path {folder}/tmp4;
  scgi_temp_path {folder}/tmp5;
  server_names_hash_bucket_size 128;
"""
