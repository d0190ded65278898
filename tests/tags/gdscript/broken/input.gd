func before(x): pass
func middle(((
func after(y): before(y)
