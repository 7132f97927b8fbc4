"""Sharing groups as organisations keep them, and seeing pages as another would.

The policy itself stands in `concerted.marking`; here are the lists it asks for, and the pages that keep them.
"""
