"""Checks of file transfer."""

from qiq.checks.ftp import control, ssh

SPECS = (*control.SPECS, *ssh.SPECS)
