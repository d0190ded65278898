def before(x):
    return x
def middle(((
def after(y):
    return before(y)
