"""Rasa with this project's preparations: `python -m bot serve`, `python -m bot train`, ...

`serve` is the project's own; every other command is Rasa's.
"""

import sys
import warnings

from bot import lean, no_tensorflow


def main() -> None:
    """Install the TensorFlow stand-in where it is needed and hand over."""
    stands_in = no_tensorflow.install()
    if sys.argv[1:2] == ["serve"]:
        if stands_in:
            # With TensorFlow in place, components may need all of Rasa.
            lean.install()
        _hush_deprecations()
        from bot.serve import main as serve

        serve(sys.argv[2:])
        return
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    rasa()


def _hush_deprecations() -> None:
    """Rasa's pinned libraries are what they are; their warnings would fill every start's log."""
    # Sanic switches them on when it is imported, so it goes first.
    import sanic  # noqa: F401

    warnings.simplefilter("ignore", DeprecationWarning)


if __name__ == "__main__":
    main()
