package stack

func (l *Later) BeforeItsType() {}

type Later struct {
	_     int
	items []int
	sync.Mutex
	*Base
	Other
	Generic[int]
	pkg.Gen[int]
	*pkg.Far
}

func (s *Stack[T]) Push(v T)       {}
func (Stack[T]) Len() int          { return 0 }
func (s Elsewhere) Value() int     { return 0 }
func (s *Elsewhere) Pointer() int  { return 0 }
func (s *(Elsewhere)) Parens() int { return 0 }
func (s (*Elsewhere)) Outer()      {}
func (_ Elsewhere) Blank()         {}

type Stack[T any] struct{ inner T }

func (p Pair[K, V]) First() K { return p.k }

func make() {
	type Local struct{ field int }
	f := func() {}
	f()
}

func (Local) NotOfTheInner() {}

func _() {}

type Doer interface{ Do() }

func (e Elsewhere) Last() {
	func() { e.Value() }()
}
