"""Set-up by an office, not a programmer: lists edited on pages and by spreadsheet, with undo."""
