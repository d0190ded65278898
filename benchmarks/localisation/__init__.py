"""Do ranking and maps find what the fix of an issue changed?"""
