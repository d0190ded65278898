(ns shop.core
  "A shop."
  (:require [clojure.string :as str]
            [shop.stock :as stock]))

(def ^:dynamic *limit* 10)
(defonce state (atom {}))
(declare total)

(defprotocol Priced
  (price [this])
  (discount [this by]))

(defrecord Item [name amount]
  Priced
  (price [_] amount)
  (discount [this by] (update this :amount - by)))

(defmacro with-limit [n & body]
  `(binding [*limit* ~n] ~@body))

(defn- add-item
  "Adds."
  [items item]
  (swap! state stock/put item)
  (conj items (->Item (str/trim item) 1)))

(defn total [items]
  (let [sum (reduce + (map price items))]
    (when (pos? sum) (add-item items "tea"))))

(defmulti area :shape)
(defmethod area :circle [c] (total c))
(deftest totals (is (= 0 (total []))))
