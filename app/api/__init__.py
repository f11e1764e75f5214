"""The API for programs: thin views over the same actions."""
