"""Names that are bound where no function is around, and what methods set of their object."""
try:
    import fast
    HAS_FAST = True
except ImportError:
    fast = None
finally:
    DONE: bool = True
if fast:
    SEP = ";"
elif HAS_FAST:
    if SEP:
        DEEP = 1
else:
    while True:
        LOOPED = 1
with open("x") as handle:
    BODY = handle.read()
for item in ():
    LAST, (inner, *rest) = item
for other in ():
    pass
else:
    AFTER_LOOP = 0
match BODY:
    case "":
        CASED = 0
A = B = C = 3
(D, E), [F] = (1, 2), [3]
if (count := 4) > 3:
    seen = [last := n for n in ()]
shape.size = 3
table["key"] = 4
first.second, G = 1, 2


def outside(self):
    local = other_local = 1
    (also_local := 2)
    self.nothing = 3

    class Inner:
        field_of_inner = local

        def method(self):
            self.of_inner = 1


class Shape(Base):
    kind: str
    declared: int = 0
    x = y = 0
    left, right = 1, 2
    if HAS_FAST:
        mode = 1
    else:
        mode = 2

    def __init__(self, size):
        self.size = size
        self.declared = 1
        self.a, self.b = 1, 2
        self.c = self.d = None
        self.typed: int = 3
        self.size += 1
        self.child.deep = 4
        self.made = make(self.size)
        other.foreign = 5
        with size:
            self.in_with = 6

        def later():
            self.from_closure = 7

    @classmethod
    def build(cls):
        cls.shared = 1
        cls.size = 2

    @property
    def area(self):
        self.size = 0
        self.area = 1
