namespace Shop.Orders

open System.IO

module Prices =
    let rate = 1.2
    [<Literal>]
    let Name = "shop"
    let inline add a (b: int) = a + b
    let rec private loop n = helper n
    and helper m =
        let local = m
        let inner x = x + local
        List.map inner [ m ]
    let (|Even|Odd|) n = if n % 2 = 0 then Even else Odd
    let (+++) a b = a

type Shape<'a> =
    | Circle of radius: float
    | Square
    member this.Area = 1.0
    static member Create(x: int) = Circle(float x)

type Item = { Name: string; mutable Count: int }

type IStore =
    abstract member Find: int -> Item option

type Store(path: string) =
    inherit Base(path)
    let mutable field = path
    let read x = File.ReadAllText x
    member val Auto = 1 with get, set
    override x.ToString() = read field
    interface IStore with
        member _.Find n = None

exception Missing of string
type Color = Red = 0 | Green = 1
type Store with
    member x.Size = 3
let total items = items |> List.sumBy Prices.rateOf

type Sum() =
    static member (+) (a: Sum, b: Sum) = a
