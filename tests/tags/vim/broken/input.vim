function! Before()
endfunction
let x = (((
function! After()
  call Before()
endfunction
