"""The head of office: figures, register, plan."""
