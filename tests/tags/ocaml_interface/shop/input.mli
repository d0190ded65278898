open Base

type t = { amount : int; currency : string }
type state = Open of t | Closed

val zero : t
val add : t -> t -> t
val map : 'a. 'a list -> f:('a -> 'a) -> 'a list
external raw : int -> int = "raw"
exception Sold_out of string

module type Stock = sig
  val count : t -> int
end

module Make (S : Stock) : sig
  val walk : t list -> unit
end

class counter : object
  method incr : int -> unit
end

val ( >>= ) : t -> (t -> t) -> t
external ( + ) : int -> int -> int = "add"
