@echo off
:first
if "%1"==( (
set A=1
:second
