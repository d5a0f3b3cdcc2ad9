"""Pretend websites, panel and webmail over HTTP and HTTPS."""
