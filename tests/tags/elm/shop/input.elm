port module Shop exposing (main, update)

import Html.Events as Events exposing (onClick)

{-| A comment {- in a comment -} -}
type Msg
    = Add Item
    | Remove

type alias Item =
    { name : String
    , price : Int
    }

port save : String -> Cmd msg

total : List Item -> Int
total items =
    let
        add item sum =
            item.price + sum

        start =
            0
    in
    List.foldl add start items

update : Msg -> Int -> Int
update msg n =
    case msg of
        Add item ->
            total [ item ] |> negate

        Remove ->
            Add { name = "tea", price = 1 } |> always n
