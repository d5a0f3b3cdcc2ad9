"""Alembic scripts of the desk."""
