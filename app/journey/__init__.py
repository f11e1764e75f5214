"""What belongs to the whole life of a dossier."""
