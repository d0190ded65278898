before <- function() 1
first <- function(a { a }
second <- 
third <- function() { first(1 }
x <- c(1,
