"""Work over many dossiers at once: ordered, carried out one by one, answered one by one."""
