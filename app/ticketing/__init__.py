"""The queue: numbers at the door, calls at the counters, the board for all to see."""
