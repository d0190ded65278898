"""The language of a file by its name alone, as grep-ast sees it."""

from __future__ import annotations

import os

from repomap_fast.languages.grammars import WITHOUT_PACK
from repomap_fast.languages.table import LANGUAGES

USING_TSL_PACK = True
"""Whether grammars are those of tree-sitter-language-pack; without it grep-ast takes those of an older package."""

# Grammars of tree-sitter-language-pack, each with the file names and suffixes that grep-ast reads by it, as far as our
# language table has nothing of them or another grammar.
_OTHER_NAMES = """
actionscript .as
ada .adb .ads
agda .agda
arduino .ino
asm .asm .s
astro .astro
bash .zsh
beancount .bean
bibtex .bib
bicep .bicep
bitbake .bb .bbappend .bbclass
c .h
cairo .cairo
capnp .capnp
chatito .chatito
clarity .clar
clojure .clj .cljc .cljs .edn
cmake .cmake CMakeLists.txt
commonlisp .cl .lisp
cpon .cpon
css .css
csv .csv
cuda .cu .cuh
d .d
dart .dart
dockerfile Dockerfile
dtd .dtd
elisp .el
elixir .ex .exs
elm .elm
erlang .erl .hrl
fennel .fnl
firrtl .fir
fish .fish
fortran .f .f03 .f08 .f90 .f95
func .fc
gdscript .gd
gitattributes .gitattributes
gitcommit .gitcommit
gitignore .gitignore
gleam .gleam
glsl .frag .glsl .vert
gn .gn .gni
gomod go.mod
gosum go.sum
groovy .groovy
gstlaunch .launch
hack .hack
hare .ha
haskell .hs
haxe .hx
hcl .hcl .tf .tfvars
heex .heex
hlsl .hlsl
html .htm .html
hyprlang .hypr
ispc .ispc
janet .janet
jsdoc .jsdoc
json .json
jsonnet .jsonnet .libsonnet
julia .jl
kconfig Kconfig
kdl .kdl
latex .cls .sty .tex
linkerscript .ld
llvm .ll
luadoc .luadoc
luap .luap
luau .luau
magik .magik
make .mk Makefile
markdown .markdown .md
matlab .m .mat
mermaid .mermaid
meson meson.build
ninja .ninja
nix .nix
nqc .nqc
objc .mm
ocaml .ml
ocaml_interface .mli
odin .odin
org .org
pascal .pas .pp
pem .pem
perl .pl .pm
pgn .pgn
po .po .pot
pony .pony
powershell .ps1 .psm1
printf .printf
prisma .prisma
properties .properties
proto .proto
psv .psv
purescript .purs
pymanifest MANIFEST.in
qmldir qmldir
qmljs .qml
r .R .r
racket .rkt
re2c .re2c
readline .inputrc
requirements requirements.txt
ron .ron
rst .rst
scheme .scm .ss
scss .scss
smali .smali
smithy .smithy
solidity .sol
sparql .rq
sql .sql
squirrel .nut
starlark .bzl BUILD WORKSPACE
svelte .svelte
tablegen .td
tcl .tcl
thrift .thrift
toml .toml
tsv .tsv
twig .twig
typescript .tsx
typst .typ
udev .rules
ungrammar .ungram
uxntal .tal
verilog .sv .v
vhdl .vhd .vhdl
vim .vim .vimrc
vue .vue
wgsl .wgsl
xcompose .XCompose
xml .svg .xml .xsl
yuck .yuck
zig .zig
"""

PARSERS: dict[str, str] = {
    **{
        name: row.grammar
        for row in LANGUAGES
        if row.role == "code" and row.grammar and row.grammar not in WITHOUT_PACK
        for name in (*row.suffixes, *row.file_names)
    },
    **{name: grammar for grammar, *names in map(str.split, _OTHER_NAMES.splitlines()[1:]) for name in names},
}
"""The name of a grammar in tree-sitter-language-pack by a whole file name, or by a suffix with its dot."""


def filename_to_lang(filename: str | os.PathLike[str]) -> str | None:
    """Return the name of the language of a file, which is that of its grammar; None if the file's name says nothing."""
    name = os.path.basename(filename)
    return PARSERS.get(name) or PARSERS.get(os.path.splitext(name)[1])
