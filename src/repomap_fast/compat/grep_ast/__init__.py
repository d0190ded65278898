"""grep-ast's ``TreeContext``, as of grep-ast 0.9.0, over our parser and its outlines.

    from repomap_fast.compat.grep_ast import TreeContext, filename_to_lang     in place of: from grep_ast import …
    install()                                            puts it under the name ``grep_ast``, whether that is installed
    python -m repomap_fast.compat.grep_ast PATTERN …     in place of the command grep-ast

Constructor, methods, attributes and the modules ``grep_ast``, ``parsers``, ``tsl``, ``dump`` and ``main`` are
grep-ast's. The text is the same to the byte.

What grep-ast does, and what ours does:

===================================================  =================================================================
grep-ast                                             here
===================================================  =================================================================
every node of the tree is an object in Python        three numbers a node; ``scopes``, ``header`` and ``nodes`` are made
                                                     when they are read, and nothing of ours reads them
the walk over the tree is recursive, and fails in a  it has no such limit
deep one
a file takes what it takes                           20 s and 2 GB of memory at most; past it, ValueError
language by file name                                the same, and those of our language table (``.pyi``, ``Rakefile``)
broken sources are parsed by the installed           by 0.26.1, which builds other trees of a few of them than 0.25
tree-sitter
the command looks at the nearest ``.gitignore``      at all that git does
``enumerate_files`` enters folders by symbolic link  those that are named, and no other: a link may lead back
===================================================  =================================================================
"""

from repomap_fast.compat.grep_ast.grep_ast import TreeContext
from repomap_fast.compat.grep_ast.installation import install, uninstall
from repomap_fast.compat.grep_ast.parsers import filename_to_lang

__all__ = ["TreeContext", "filename_to_lang", "install", "uninstall"]
