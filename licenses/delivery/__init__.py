"""What a client receives: the certificate, the typed page, the mail, in the client's language."""
