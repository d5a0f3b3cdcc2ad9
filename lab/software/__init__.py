"""The pretend host once more, made of daemons from Debian that nobody here wrote."""
