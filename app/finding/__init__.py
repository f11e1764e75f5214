"""Search everything: any fragment of a name, card, telephone, code or number, within sight."""
