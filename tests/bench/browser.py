"""Goal 4: a scorecard in Chromium that has seen nothing yet, beside the same bytes served as they are; its requests,
its bytes compressed for 40 rows, and that it is read without a script.

On SQLite databases of `make_scale_data`. The application is served as an installation does (gunicorn).
"""

import gzip
import os
import socketserver
import statistics
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.draw import a_free_port, wait_for  # noqa: E402
from tests.bench.engines import environment, migrated, sqlite  # noqa: E402
from tests.bench.told import at_most, goal  # noqa: E402
from tests.bench.worker import filled  # noqa: E402

ROUNDS, ROWS = 9, 40
CARD = "/authority-001/scorecards/scorecard/"
SESSION = (
    "import django; django.setup()\nfrom django.test import Client\nfrom indicators.models import User\nc = Client()\n"
    "c.force_login(User.objects.get(email='reader.authority-001@example.org'))\nprint(c.cookies['sessionid'].value)"
)
# From the beginning of the navigation to the frame after everything has been loaded.
DRAWN = (
    """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"""
)


class _Fixed(BaseHTTPRequestHandler):
    """Serves what was recorded, byte for byte."""

    recorded: dict[str, tuple[str, bytes]] = {}
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        kind, body = self.recorded.get(self.path, ("text/plain", b""))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True


@contextmanager
def served(database: str) -> Any:
    """The address of the application on that database, and the key of a session."""
    environ = environment(database, APP_ENV="development", DJANGO_SETTINGS_MODULE="partnership.settings")
    session = subprocess.run(
        [sys.executable, "-c", SESSION], env=environ, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.split()[-1]
    port = a_free_port()
    command = [sys.executable, "-m", "gunicorn", "partnership.wsgi", "-b", f"127.0.0.1:{port}", "--threads", "4"]
    server = subprocess.Popen(
        [*command, "--no-control-socket"], env=environ, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}", session
    finally:
        server.terminate()
        server.wait()


def opened(
    browser: Any, address: str, session: str, *, script: bool = True
) -> tuple[Any, list[tuple[str, str, bytes]]]:
    """The page in a browser that has kept nothing, and every answer that it took."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=script)
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page, answers = context.new_page(), []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address + CARD, wait_until="load")
    took = [(a.url.removeprefix(address), a.headers.get("content-type", ""), a.body()) for a in answers]
    return page, took


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from tests.conftest import chromium_path

    if chromium_path() is None:
        goal("4", "scorecard in the browser", "", "no Chromium was found; CHROMIUM names one", None)
        return
    from playwright.sync_api import sync_playwright

    with sqlite() as database:
        migrated(database)
        filled(database, 1, indicators=ROWS, quarters=12)
        with served(database) as (address, session), sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"]
            )
            measure(browser, address, session)
            browser.close()


def measure(browser: Any, address: str, session: str) -> None:
    """Opens the page from both servers in turn, and tells."""
    page, answers = opened(browser, address, session)
    page.context.close()
    _Fixed.recorded = {path: (kind, body) for path, kind, body in answers}
    size = sum(len(gzip.compress(body, 6)) for _, _, body in answers) / 1000
    with _Server(("127.0.0.1", a_free_port()), _Fixed) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        fixed = f"http://127.0.0.1:{server.server_address[1]}"
        times: dict[str, list[float]] = {address: [], fixed: []}
        for number in range(ROUNDS + 1):
            for at, found in times.items():
                page, _ = opened(browser, at, session)
                took = float(page.evaluate(DRAWN))
                page.context.close()
                found += [took] if number else []
        server.shutdown()
    ours, theirs = (statistics.median(found) for found in times.values())
    print(f"  {ours:.0f} ms, the same bytes fixed {theirs:.0f} ms")
    at_most("4 time", f"scorecard of {ROWS} in the browser, cold, to the same bytes fixed", 1.5, ours / theirs)
    at_most("4 requests", "its requests", 8, len(answers), "requests")
    at_most("4 bytes", f"scorecard of {ROWS}, CSS and scripts with it, compressed", 120, size, "kB")
    plain, _ = opened(browser, address, session, script=False)
    seen = plain.locator("table.sc tbody tr:not(.th)").evaluate_all("rows => rows.filter(r => r.offsetHeight).length")
    plain.context.close()
    goal("4 script", "rows that are read without a script", f"all {ROWS}", str(seen), seen == ROWS)


if __name__ == "__main__":
    main()
