A = 1
$(X)_Y = 2
all: ) (
	echo $(
B := $(shell
endif
last: all
	true
