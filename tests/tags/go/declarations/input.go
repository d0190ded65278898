package ring

import (
	"fmt"
	m "math"
)

const Size, Mask = 64, 63

const (
	Idle State = iota
	Busy
	_
)

var x, y int

var (
	table  map[string]*Ring
	_      Shape = (*Ring)(nil)
	hook   = func(n int) { log(n) }
)

type State int
type Alias = pkg.Type
type Handler func(Request) (Response, error)

type (
	Pair[K comparable, V any] struct {
		key   K
		value V
	}
	List []Item
)

type Ring struct {
	Base
	*Embedded
	pkg.Other
	first, last *Node
	slots       []pkg.Slot
	pairs       Pair[string, int]
	onDrop      func(n Node) error
	größe       int
}

type Shape interface {
	Area(scale Scale) Number
	Named
	~int | Number
}
