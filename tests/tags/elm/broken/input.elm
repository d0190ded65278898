module Broken exposing (..)

before x =
    x

type = = A |

after y =
    before y
