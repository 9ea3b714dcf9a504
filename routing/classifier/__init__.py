"""What a text is about: bidang, level, kind, each with how sure, and the words that spoke for it.

Pure: text in, numbers out; no model of Django and no database (tests/test_architecture.py). Reading needs numpy alone
and is loaded where the first text is read, so never in a web process; scikit-learn is only needed to learn.

- `words`: a text as words and parts of words, and the names and words known to belong to a bidang
- `weights`: what was learnt, as one file of numbers
- `reading`: weights and a text → `Reading`
- `learning`: examples → weights, with the figures of a held-back part
- `vocabulary`: what the public tables say, as examples of a kind of their own
"""
