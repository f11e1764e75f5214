"""Log-in, passwords, sessions, the list of staff."""
