class_name Shop
extends Node2D

signal sold(item)
enum State { OPEN, CLOSED }
const LIMIT = 10
@export var speed: int = 3
var items := []

class Item extends Resource:
	var price = 1
	func total(): return price

func _ready() -> void:
	var sum = 1
	add(sum)
	self.report(2)
	sold.emit(items)

static func add(x): pass

class Priced:
	func _init(price, name):
		pass
