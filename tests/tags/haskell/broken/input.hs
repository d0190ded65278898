module Broken where
first x = (
data = A | B
second :: Int ->
third y = first y
