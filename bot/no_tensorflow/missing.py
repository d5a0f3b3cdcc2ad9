"""`TensorFlowMissing`, apart from `errors` because it cannot be defined before Rasa is there."""

from rasa.shared.exceptions import RasaException


class TensorFlowMissing(RasaException, ImportError):
    """Something really used TensorFlow.

    Rasa prints a `RasaException` as one line and stops; libraries that try an import take an
    `ImportError` as "not there".
    """
