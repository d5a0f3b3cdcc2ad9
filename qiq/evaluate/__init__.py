"""Measuring how well messages are understood: figures, table, picture and floors. Knows no Rasa."""
