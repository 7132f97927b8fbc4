"""The queues of what is done beside the site; each has a worker of its own."""

#: What makes the picture, and what else is done in a moment.
PICTURE = "default"
#: What may take minutes: files that partners bring, the look at a large edition before it is released.
LONG = "long"
QUEUES = (PICTURE, LONG)
