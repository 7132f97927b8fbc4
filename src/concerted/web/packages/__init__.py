"""Packages: parts of several partners towards one objective, each seen by others only once its partner has agreed.

`models` hold them, `actions` write them, `queries` say which packages and parts a viewer reads, `facts` what he may
know of the parts in the picture, `board` puts both together with `matching.packages`.
"""
