"""The server under test, the browser, and what both are watched for."""
import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import pathlib
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"


class Server:
    """`daoban serve` on one port with one store, so that it can be killed and started again."""

    def __init__(self, daoban):
        self.daoban = daoban
        self.folder = tempfile.TemporaryDirectory()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    SECRET = b"a secret of the site, long enough"

    def identity(self, person, seconds=600, secret=SECRET):
        """What the site's own server signs: who the person is, and for how long."""
        def part(value):
            return base64.urlsafe_b64encode(value).rstrip(b"=")
        signed = b".".join(part(json.dumps(value).encode()) for value in ({"alg": "HS256"}, {"sub": person, "exp": int(time.time()) + seconds}))
        return (signed + b"." + part(hmac.digest(secret, signed, hashlib.sha256))).decode()

    def start(self):
        secret = pathlib.Path(self.folder.name) / "secret"
        secret.write_bytes(self.SECRET + b"\n")
        store = pathlib.Path(self.folder.name) / "daoban.sqlite"
        command = [self.daoban, "serve", "--port", str(self.port), "--store", store, "--identify-secret-file", secret]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("ready "), f"the server did not become ready: {line!r}"

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self):
        self.process.terminate()
        self.process.wait(20)
        self.folder.cleanup()

    def turns(self, token):
        request = urllib.request.Request(f"{self.address}/v1/turns?after=0", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["turns"]

    def fetch(self, path, **headers):
        request = urllib.request.Request(self.address + path, headers=headers)
        with urllib.request.urlopen(request) as answer:
            return answer.read(), answer.headers


class Site:
    """Somebody else's site: one page with the widget's tag, under a strict content security policy."""

    def __init__(self, server):
        html = (
            '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>某市医保局</title></head><body><main>'
            f'<h1>某市医保局</h1><p>欢迎。</p></main><script src="{server.address}/widget.js" data-home-city="济南"></script></body></html>'
        ).encode()
        policy = (
            f"default-src 'none'; script-src {server.address}; connect-src {server.address} "
            f"{server.address.replace('http', 'ws')}; require-trusted-types-for 'script'"
        )

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                is_page = self.path == "/"
                self.send_response(200 if is_page else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                if is_page:
                    self.wfile.write(html)

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self):
        self.http.shutdown()


class Browser:
    """Chromium; every page is watched for console errors, policy violations and requests to other hosts."""

    # Chromium reports each refused connection; that is what an outage is.
    EXPECTED = ("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE", "ERR_SOCKET_NOT_CONNECTED",
                "Connection closed before", "WebSocket connection to")

    def __init__(self):
        self.driver = sync_playwright().start()
        self.chromium = self.driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        self.problems = []
        self.violations = []
        self.outside = []
        self.requests = 0

    @contextlib.contextmanager
    def page(self, address, width=1280, height=800, script=None, go=True, **options):
        context = self.chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **options)
        if options.get("java_script_enabled", True):
            context.expose_binding("reportViolation", lambda _, text: self.violations.append(text))
            context.add_init_script(
                "document.addEventListener('securitypolicyviolation', e => reportViolation(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample))")
        if script:
            context.add_init_script(script)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        context.on("request", self._asked)
        if go:
            page.goto(address)
        try:
            yield page
        finally:
            context.close()

    def _heard(self, message):
        if message.type in ("error", "warning") and not any(part in message.text for part in self.EXPECTED):
            self.problems.append(f"{message.type}: {message.text}")

    def _asked(self, request):
        self.requests += 1
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.outside.append(request.url)

    def close(self):
        self.chromium.close()
        self.driver.stop()


class Chat:
    """The widget as a person meets it."""

    def __init__(self, page):
        self.page = page
        self.text = page.locator("daoban-chat textarea")
        self.log = page.locator("daoban-chat [role=log]")
        self.answers = page.locator("daoban-chat .bubble.assistant")
        self.said = page.locator("daoban-chat .bubble.user")
        self.waiting = page.locator("daoban-chat .bubble.waiting")
        self.choices = page.locator("daoban-chat .choice")
        self.status = page.locator("daoban-chat .status")

    def open(self):
        self.page.evaluate("() => daoban('open')")
        self.answers.first.wait_for()
        return self

    def say(self, words):
        before = self.answers.count()
        self.text.fill(words)
        self.text.press("Enter")
        self.answers.nth(before).wait_for()
        self.page.wait_for_function("() => !document.querySelector('daoban-chat').shadowRoot.querySelector('.waiting')")
        return self.answers.nth(before)

    def words_said(self):
        return self.page.evaluate(
            "() => [...document.querySelector('daoban-chat').shadowRoot.querySelectorAll('.bubble.user')].map(b => b.lastChild.textContent)")

    def token(self):
        return self.page.evaluate(
            "() => JSON.parse(localStorage[Object.keys(localStorage).find(k => k.startsWith('daoban conversation '))]).token")

    def focused(self):
        """Class or tag of the focused element within the widget."""
        return self.page.evaluate(
            "() => { const a = document.querySelector('daoban-chat').shadowRoot.activeElement; return a && (a.className || a.tagName) }")
