# What the parser cannot make sense of must not take its neighbours along.
def before():
    return helper(1)


class Broken(Base:
    def method(self):
        return self.call(


def after():
    print "a statement of Python 2"
    other(


class Last:
    field = value()

    def method(self):
        return self.field
no_newline_at_the_end = done()