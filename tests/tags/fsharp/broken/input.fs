module Broken
let first x = x + 1
type Open = { Name: string
let second y = first (
let third z = second z
