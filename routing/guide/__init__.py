"""The guide (*panduan*): help in place on every officer's page, and from the same sentences a guide for each role, on
the web and on paper.

`topic`     what is said about a page: what it is for, what to do first, what happens next, which clock runs
`desk` `offices` `oversight` `evaluation` `centre`    the topics, by where they are met
`topics`    all of them, and the one for a page
`guides`    one guide for each role: its steps with pictures, then its topics
`pictures` `paper`    the same as a tagged PDF, drawn once and kept
"""
