"""The workspace: what partners keep of their own activities, its versions, and its way into the picture.

`models` hold it, `queries` read it for a viewer, `actions` write it, `shards` carry it to the build as a source.
"""
