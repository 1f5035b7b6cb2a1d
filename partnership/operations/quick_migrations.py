"""Migrating in a quarter of the time: no related model of the state is built anew for what a model gets.

Django's state of a migration holds a class for each model. With each table, constraint and field it builds all classes
anew that are related to its model by any number of steps, here nearly all there are. What the database gets is the
same: tests/test_releases.py holds a schema made this way against one that Django made by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db.migrations.state import ModelState, ProjectState


@contextmanager
def quick_migrations(*, is_empty: bool = False) -> Iterator[None]:
    """Within it, migrations are quick. `is_empty`: the database holds no rows, so a function that moves rows needs no
    relations between the classes that it is given."""
    patched = {"add_model": _add_model, "_append_option": _append_option, "_find_reload_model": _find_itself}
    if is_empty:
        patched["clear_delayed_apps_cache"] = _keep_apps
    with patch.multiple(ProjectState, **patched):
        yield


def _add_model(self: Any, model_state: ModelState) -> None:
    key = model_state.app_label, model_state.name_lower
    self.models[key] = model_state
    if self._relations is not None:
        self.resolve_model_relations(key)
    if "apps" in self.__dict__:
        self.apps.render_multiple([model_state])


def _append_option(self: Any, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
    """A constraint or an index: its class gets it, and nothing related to the class changes."""
    held = self.models[app_label, model_name].options
    held[option_name] = [*held[option_name], obj]
    if "apps" in self.__dict__:
        setattr(self.apps.get_model(app_label, model_name)._meta, option_name, [*held[option_name]])


def _find_itself(self: Any, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
    self.is_delayed = True  # so that who needs the relations has all classes built anew
    return {(app_label, model_name.lower())}


def _keep_apps(self: Any) -> None:
    """The classes stay as they are."""
