"""Checks."""

SPECS: tuple = ()
