"""The front door for citizens: look-up, published procedures, published results, health."""
