"""Rasa with this project's preparations: `python -m bot serve`, `python -m bot train`, ...

`serve` is the project's own; every other command is Rasa's.
"""

import sys

from bot import lean, no_tensorflow


def main() -> None:
    """Install the TensorFlow stand-in where it is needed and hand over."""
    stands_in = no_tensorflow.install()
    if sys.argv[1:2] == ["serve"]:
        if stands_in:
            # With TensorFlow in place, components may need all of Rasa.
            lean.install()
        from bot.serve import main as serve

        serve(sys.argv[2:])
        return
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    rasa()


if __name__ == "__main__":
    main()
