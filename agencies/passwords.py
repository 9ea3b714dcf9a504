"""How passwords are kept: Argon2id with the parameters OWASP's Password Storage Cheat Sheet asks for at least.

Django's own take 100 MB and eight threads for each sign-in, which a web worker does not have.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1
