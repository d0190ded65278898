"""Symbols: a definition is named, found, shown, outlined, and listed with what refers to it."""
