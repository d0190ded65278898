set(A 1)
function(first x)
  call(${x)
endfunction()
set(B 2
add_library(lib a.c)
