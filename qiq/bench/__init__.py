"""Measures the running product from outside: start, answers, memory, long talks."""
