"""A stand-in for TensorFlow, so that Rasa can be imported in an environment that has none.

Rasa 3.6 imports TensorFlow at the top of modules (DIET, TED, ...) that it loads whether or not the
configuration names them. The stand-in lets these imports succeed and nothing else: whatever really
uses it gets a `TensorFlowMissing` that names the caller and says how to put TensorFlow back.
It does nothing where the real TensorFlow is installed.
"""

import importlib.util
import sys

from bot.no_tensorflow.finder import PACKAGES, StandInFinder


def install() -> bool:
    """Let TensorFlow's names be imported; True when the stand-in is in place.

    Call it before the first import of `rasa`. Calling it again changes nothing.
    """
    if any(isinstance(finder, StandInFinder) for finder in sys.meta_path):
        return True
    if importlib.util.find_spec("tensorflow") is not None:
        return False
    absent = tuple(name for name in PACKAGES if importlib.util.find_spec(name) is None)
    sys.meta_path.append(StandInFinder(absent))
    return True
