library(stats)
limit <- 10
add <- function(a, b = 2) {
  helper(a)
  stats::sd(b)
  store$run(1)
}
helper = function(x) x
limit <- 20
"quoted" <- function() 1
setClass("Cart", representation(id = "numeric"))
setGeneric("area", function(shape) standardGeneric("area"))
setMethod("show", "Cart", function(object) cat("x"))
Person <- R6Class("Person", public = list(hi = function() self$name))
lapply(1:3, \(i) add(i))
