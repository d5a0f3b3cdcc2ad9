"""What these daemons cannot be made to do."""


class Unfit(Exception):
    """The fault has no counterpart here; the scenario is not part of the software tests."""
