CC := gcc
CC += -Wall
export PREFIX ?= /usr
OBJS = main.o util.o
include rules.mk

define compile
	$(CC) -c $(1) -o $(2)
endef

.PHONY: all clean
all: app | out

app: $(OBJS)
	$(CC) -o $@ $(OBJS)
	$(call compile,main.c,main.o)

%.o: %.c
	$(CC) -c $<

main.o util.o: util.h

ifdef DEBUG
FLAGS = -g
clean:
	rm -f $(OBJS) ${PREFIX}/app
endif

app: FLAGS = -O2
