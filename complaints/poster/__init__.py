"""The poster and the sticker of an office: whoever scans them stands before a form already addressed to it.

`code`   an office's short name in an address, the same for ever
`sheet`  what stands on the paper, in words
`press`  draws it as a tagged PDF, by typst, in a process of its own
"""
