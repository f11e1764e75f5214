"""The leader signs or sends back; the văn thư numbers and stamps."""
