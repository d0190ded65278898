subroutine before(x)
end subroutine before
subroutine middle(((
subroutine after(y)
  call before(y)
end subroutine after
