"""Checks of the account. Nothing is even asked for a visitor who is not verified."""

from qiq.checks.account import block, facts

SPECS = (*block.SPECS, *facts.SPECS)
