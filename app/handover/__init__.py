"""The counter again: send on, take results back, hand them over."""
