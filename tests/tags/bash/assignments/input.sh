#!/bin/bash
A=1 B=2
C=3 D=4 E=5

run() { local inner=1 other=2; }
F=6 G=7
: "${DEF:=x}"
H=8 I=9 command arg
J=10 K=11; L=12
alias ll='ls -l' la="ls -a"
alias plain=ls
alias -p
alias
export X=1 Y=2
readonly Z=3
if true; then
  M=1 N=2
fi
