"""Pretend mail: SMTP in and out, IMAP and POP3 over the same mailboxes."""
