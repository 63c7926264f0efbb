"""Mail: messages and digests as MIME (`mime`), handed to an SMTP server (`channel`)."""
