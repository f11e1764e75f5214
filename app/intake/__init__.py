"""The counter: choose the procedure, check the papers, receive or refuse."""
