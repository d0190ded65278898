@echo off
setlocal
set NAME=tool
set "OUT=%NAME%-bin"
set NAME=other
if "%1"=="" goto usage
call :build %OUT%
call other.bat
goto :EOF

:build with arguments
echo Building !NAME!
exit /b 0

:usage
echo usage: %~n0
set /p ANSWER=Which one?
set /a COUNT=1
set /a "TOTAL+=COUNT"
