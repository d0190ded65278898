defmodule Shop.Cart do
  use GenServer
  alias Shop.Store

  @type t :: %__MODULE__{}
  @callback handle(term) :: :ok
  defstruct [:id]

  def add(cart, item) when is_map(item) do
    Store.put(cart)
    helper(item)
  end

  def add(cart, _), do: cart
  defp helper(x), do: x |> check() |> Enum.map(&run/1)
  defmacro twice(x), do: x
  defdelegate size(x), to: Store
  def empty, do: %Cart{}

  test "it works" do
    assert run()
  end
end

defprotocol Shop.Priced do
  def price(x)
end

defimpl Shop.Priced, for: Shop.Cart do
  def price(_), do: 1
end

defmodule Shop.Sum do
  def a + b, do: {a, b}
  def a <> b when is_binary(a), do: b
  def zero when true, do: 0
end
