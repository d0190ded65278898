// What the parser cannot make sense of must not take its neighbours along.
package broken

type Before struct {
	first int
}

func (b Before) Method() { call(b.first) }

func Open() { run( }

var half = 1 + 

func Between(size int, ) error { return size: }

type After struct {
	last string
}

func Last() After { return done() }
