module shop
  use iso_fortran_env, only: real64
  implicit none
  integer, parameter :: limit = 10
  type, extends(base) :: item
    integer :: price
  contains
    procedure :: total => item_total
  end type item
  interface add
    module procedure add_int
  end interface
contains
  subroutine report(x)
    integer, intent(in) :: x
    call print_it(x)
    call x%show(1)
  end subroutine report
  pure function add_int(x) result(r)
    r = scale(x)
  end function
end module shop
program main
  call report(1)
end program main
