"""A plain host's website to try the widget on, with the lab's switches beside the chat."""

from qiq.gateway.demo.routes import routes

__all__ = ["routes"]
