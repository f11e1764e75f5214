"""Papers drawn from the log on request, one or a pile of them: the control slip."""
