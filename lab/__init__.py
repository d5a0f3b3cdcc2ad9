"""A pretend web host on loopback, made of real protocol servers, with faults to switch on."""

from lab.lab import Lab

__all__ = ["Lab"]
