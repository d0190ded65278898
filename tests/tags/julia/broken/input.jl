before(x) = x
function middle(x
after(y) = before(y)
