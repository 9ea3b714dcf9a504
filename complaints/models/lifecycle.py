"""placeholder"""


class Lifecycle:
    pass
