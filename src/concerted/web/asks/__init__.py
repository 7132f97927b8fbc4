"""Needs and offers that people keep: what is asked for, what could still be given, and their way into the picture.

`models` hold them, `queries` read them for a viewer, `actions` write them, `files` carry them to the build.
"""
