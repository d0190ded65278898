package ring

func New[T any](size int, rest ...Option) (*Ring, error) {
	local := 3
	var unit Unit
	const limit = 4
	type scratch struct{ n int }
	ring := &Ring{size: size, unit: unit}
	nodes := make([]Node, local)
	defer func() { ring.close(nodes) }()
	go run(limit)
	return Convert[T](ring), fmt.Errorf("no: %v", new(Problem))
}

func (r *Ring) Push(n Node) bool {
	switch v := n.Value.(type) {
	case Number:
		return v.check(Scale(1))
	case *Text:
	}
	if s, ok := n.(Stringer); ok {
		s.String()
	}
	return map[Key]Value{} == nil
}

func (p Pair[K, V]) Swap() Pair[V, K] { return pkg.Swap(p) }

func (Ring) unnamed() {}

func inAssembler(x int) int

func broken( {
