defmodule First do
  def one(a, do: a
  def two(b) do
    three(b
end
defmodule Last do
