"""Finds known errors in what a customer pasted."""
