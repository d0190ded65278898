let before x = x

let f (a = match a with

let after y = before y
