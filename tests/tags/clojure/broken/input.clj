(defn before [x] x)
(defn middle [x (foo x
(defn after [y] (before y))
