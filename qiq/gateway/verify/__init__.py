"""Customers who proved who they are: a token of the customer area, or a code by e-mail."""
