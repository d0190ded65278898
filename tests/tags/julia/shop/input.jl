module Shop
using Base.Iterators: take
import Dates

abstract type Thing end
struct Item{T} <: Thing
    name::String
    price::T
end
mutable struct Box end

const LIMIT = 10
counter = 0

price(item) = item.price
total(items)::Int = sum(price, items)
function add(items::Vector{T}, item) where T
    @assert length(items) < LIMIT
    Dates.now()
    push!(items, item)
end
function Base.show(io::IO, item::Item)
    print(io, item.name)
end
macro twice(e) end
_ = add(Item[], 1)
end
_ = Shop.counter
total_of_all = 1

Base.:+(a::Cart, b::Cart) = a
function Base.:(==)(a::Cart, b::Cart)
    a.items == b.items
end
⊕(a, b) = a
