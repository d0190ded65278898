-module(shop).
-behaviour(gen_server).
-export([add/2]).
-include("store.hrl").
-record(cart, {id, items = []}).
-define(MAX, 10).
-define(TWICE(X), X * 2).
-type money() :: integer().
-opaque key() :: atom().
-callback init(any()) -> ok.
-spec add(money(), money()) -> money().

add(A, B) when A > 1 ->
    store:put(#cart{id = A}),
    helper(?MAX);
add(_, B) ->
    ?TWICE(B).

helper(X) ->
    lists:map(fun add/2, X),
    'quoted name'(X).

'quoted name'(X) -> X.

'quoted fun'() -> 'other-mod':'go on'().
