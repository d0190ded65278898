(* A shop (* with a comment in it *). *)
open Base

module Price = struct
  type t = { amount : int; mutable currency : string }
  let zero = { amount = 0; currency = "EUR" }
  let add a b = { a with amount = a.amount + b.amount }
  let is_free = function { amount = 0; _ } -> true | _ -> false
end

module type Stock = sig
  type item
  val count : item -> int
  val limit : int
end

module Make (S : Stock) = struct
  include S
  let rec walk items =
    let step x = S.count x in
    List.map items ~f:step |> ignore;
    walk items
end

type state = Open of Price.t | Closed
exception Sold_out of string
external raw : int -> int = "raw"

class counter = object
  val mutable n = 0
  method incr by = n <- n + by
end

let total : int -> int = fun x -> x + Price.zero.amount
let _ = (new counter)#incr 1; raise (Sold_out "tea")

let ( + ) a b = a
let (>>=) = bind
module Infix = struct let ( let* ) x f = f x end
