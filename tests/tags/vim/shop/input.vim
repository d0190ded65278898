let g:shop_limit = 10
let s:items = {}

function! s:total(items) abort
  let l:sum = s:add(0)
  return shop#round(l:sum)
endfunction

function shop#report() abort
  call s:total([])
endfunction

function! s:items.first() dict
  return self.total()
endfunction

command! ShopReport call shop#report()

augroup shop
  autocmd!
augroup END
