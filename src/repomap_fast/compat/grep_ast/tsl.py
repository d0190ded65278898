"""Where grep-ast takes grammars and parsers from: the same package that ours come from."""

from tree_sitter_language_pack import get_language, get_parser

from repomap_fast.compat.grep_ast.parsers import USING_TSL_PACK

__all__ = ["USING_TSL_PACK", "get_language", "get_parser"]
