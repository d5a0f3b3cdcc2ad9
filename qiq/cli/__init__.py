"""The command line `qiq`: one file of this folder is one command.

A command's file has a function of the file's own name, or, for a group of commands, an `app`
(a `typer.Typer`). A file is imported only when its command is called: `qiq run` starts at once.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import typer
import typer.main
from typer.core import TyperGroup


class Commands(TyperGroup):
    """Finds the commands in the files of this folder."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of all commands; a file whose name begins with `_` is none."""
        names = (found.name for found in pkgutil.iter_modules(__path__))
        return sorted(name.replace("_", "-") for name in names if not name.startswith("_"))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or None when there is no such file."""
        if cmd_name not in self.list_commands(ctx):
            return None
        function = cmd_name.replace("-", "_")
        module = importlib.import_module(f"{__name__}.{function}")
        app = getattr(module, "app", None)
        if app is None:
            app = typer.Typer(add_completion=False)
            app.command()(getattr(module, function))
        command = typer.main.get_command(app)
        command.name = cmd_name
        return command


main = typer.Typer(cls=Commands, add_completion=False, no_args_is_help=True)


@main.callback()
def _main() -> None:
    """The support bot of a web host."""
