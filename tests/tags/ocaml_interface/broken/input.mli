val before : int -> int
val : :
type t =
val after : t -> t
