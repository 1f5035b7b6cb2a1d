"""A web process that a benchmark asks for pages: one on each database, so that what they need can be measured in turn.

Reads one request a line (JSON) and answers with processor milliseconds of this process. A floor does what no page can
do without: the same statements on the bare connection, their rows joined to text, and the same bytes sent.
"""

import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.engines import environment  # noqa: E402


class Worker:
    """The asking side."""

    def __init__(self, address: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__], env=environment(address, DJANGO_SETTINGS_MODULE="tests.settings"), cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, do: str, path: str, email: str, **more: Any) -> dict[str, Any]:
        """What the worker found: `ms`, and for a page `queries` and `bytes`."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": do, "path": path, "email": email, **more}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def close(self) -> None:
        """Ends the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


class Pages:
    """The answering side."""

    def __init__(self) -> None:
        from partnership.wsgi import application

        self.application = application
        self.sessions: dict[str, str] = {}
        self.recorded: dict[tuple[str, str], tuple[list[tuple[str, Any]], bytes]] = {}

    def session(self, email: str) -> str:
        """The key of a session of that person."""
        from django.conf import settings
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        from indicators.models import User

        if email not in self.sessions:
            # Django's client for tests would bring what no web process holds.
            user, session = User.objects.get(email=email), SessionStore()
            session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
            session.create()
            self.sessions[email] = session.session_key
        return self.sessions[email]

    def get(self, path: str, email: str) -> bytes:
        """The body of a page."""
        return b"".join(self.blocks(path, email))

    def blocks(self, path: str, email: str) -> Iterator[bytes]:
        """The body of a page in its blocks, as a web server would ask for it."""
        address, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": address, "QUERY_STRING": query, "SERVER_NAME": "testserver",
            "SERVER_PORT": "80", "HTTP_COOKIE": f"sessionid={self.session(email)}", "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "SCRIPT_NAME": "",
            "wsgi.version": (1, 0), "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False,
        }  # fmt: skip
        told: list[str] = []
        answer = self.application(environ, lambda status, headers, *_: told.append(status))
        try:
            for block in answer:
                assert told[0].startswith("200"), (path, told)
                yield block
        finally:
            answer.close()

    def page(self, path: str, email: str) -> Callable[[], bytes]:
        return lambda: self.get(path, email)

    def floor(self, path: str, email: str) -> Callable[[], bytes]:
        """The least that the page needs, from its own statements and bytes."""
        from django.db import connection

        if (path, email) not in self.recorded:
            asked: list[tuple[str, Any]] = []
            self.get(path, email)  # what is done once, such as beginning a session

            def note(execute: Any, sql: str, params: Any, *more: Any) -> Any:
                asked.append((sql, params))
                return execute(sql, params, *more)

            with connection.execute_wrapper(note):
                body = self.get(path, email)
            self.recorded[path, email] = asked, body
        asked, body = self.recorded[path, email]

        def run() -> bytes:
            connection.ensure_connection()
            for sql, params in asked:
                with connection.cursor() as wrapped:
                    cursor = wrapped.cursor
                    cursor.execute(sql, params) if params is not None else cursor.execute(sql)
                    for row in cursor.fetchall() if cursor.description else ():
                        "".join(f"<td>{value}</td>" for value in row)
            return body

        return run

    def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Does one request."""
        from django.conf import settings
        from django.db import connection

        settings.KEEP_PAGES = bool(asked.get("keep"))
        work = (self.floor if asked["do"] == "floor" else self.page)(asked["path"], asked["email"])
        count = 0

        def counting(execute: Any, *more: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*more)

        if asked.get("count"):
            with connection.execute_wrapper(counting):
                body = work()
            return {"ms": 0.0, "queries": count, "bytes": len(body)}
        started = time.process_time()
        body = work()
        return {"ms": (time.process_time() - started) * 1000, "bytes": len(body)}


def serve() -> None:
    """Answers until the input ends."""
    import django

    django.setup()
    from django.conf import settings

    settings.DEBUG = False
    pages = Pages()
    for line in sys.stdin:
        print(json.dumps(pages.answer(json.loads(line))), flush=True)


def filled(address: str, authorities: int, indicators: int = 200, quarters: int = 80) -> None:
    """Fills a migrated database with synthetic figures."""
    environ = environment(address, APP_ENV="development", DJANGO_SETTINGS_MODULE="partnership.settings")
    sizes = {"authorities": authorities, "indicators": indicators, "quarters": quarters}
    asked = [f"--{name}={number}" for name, number in sizes.items()]
    started = time.perf_counter()
    command = [sys.executable, "manage.py", "make_scale_data", *asked]
    done = subprocess.run(command, env=environ, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    number = re.findall(r": ([0-9,]+) revisions", done.stdout)[-1]
    print(f"  {number} revisions made in {time.perf_counter() - started:.0f} s", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    serve()
