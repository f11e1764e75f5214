"""A believable office: people at every desk, dossiers in every state, made by the real rules."""
