"""Rasa's own command line with this project's preparations: `python -m bot train`, `... run`."""

import sys

from bot import no_tensorflow


def main() -> None:
    """Install the TensorFlow stand-in where it is needed and hand over to Rasa."""
    no_tensorflow.install()
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    rasa()


if __name__ == "__main__":
    main()
