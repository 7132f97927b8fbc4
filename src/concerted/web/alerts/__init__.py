"""What is new for a person, told by e-mail in at most five lines, once a day or once a week.

An e-mail lies in a mailbox that may leak: it holds counts, titles of what anybody may know, and where to sign in.
"""
