"""What a district hands out to make the portal known: leaflet, poster, radio text, slides, a speech, with its own name,
SMS prefix, address and phone numbers as they are set.

`facts`  what is known of the district, and what is missing
`kit`    what stands on each paper, in words
`press`  of the poster draws them (`complaints.poster.press`), from `kit.typ`
"""
