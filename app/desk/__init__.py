"""One dossier: its papers, route and life, and every action that is allowed now."""
