"""The application's settings as the tests run them: no production secrets, fast password hashing, no real clock."""

import os

os.environ["APP_ENV"] = "test"
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

from partnership.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A test that rolls back gives its row numbers to the next one: only those of what is kept keep anything.
KEEP_PAGES = False
