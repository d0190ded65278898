proc before {x} { return 1 }
proc middle {x} { [[[
