"""Benchmarks and checks beside other tools; run as modules from the top of the checkout. README.md lists them."""
