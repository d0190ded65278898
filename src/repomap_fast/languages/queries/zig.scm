; Tags of Zig. A type is a container that is bound to a name.

(Decl (FnProto function: (IDENTIFIER) @name)) @definition.function
(Decl (VarDecl variable_type_function: (IDENTIFIER) @name
  "=" . (ErrorUnionExpr (SuffixExpr . (ContainerDecl (ContainerDeclType "struct"))))) @definition.struct)
; A union may have the word `enum` in its head.
((Decl (VarDecl variable_type_function: (IDENTIFIER) @name
  "=" . (ErrorUnionExpr (SuffixExpr . (ContainerDecl (ContainerDeclType) @_head)))) @definition.enum)
  (#eq? @_head "enum"))
(Decl (VarDecl variable_type_function: (IDENTIFIER) @name
  "=" . (ErrorUnionExpr (SuffixExpr . (ContainerDecl (ContainerDeclType . "enum" . "(" . (ErrorUnionExpr))))))
  @definition.enum)
(Decl (VarDecl variable_type_function: (IDENTIFIER) @name
  "=" . (ErrorUnionExpr (SuffixExpr . (ContainerDecl (ContainerDeclType "union"))))) @definition.union)
(Decl (VarDecl variable_type_function: (IDENTIFIER) @name
  "=" . (ErrorUnionExpr (SuffixExpr . [(ContainerDecl (ContainerDeclType "opaque")) (ErrorSetDecl)]))) @definition.type)
((Decl (VarDecl variable_type_function: (IDENTIFIER) @name) @definition.variable) (#set! unless defined))
(ContainerField field_member: (IDENTIFIER) @name) @definition.field
(ContainerDecl
  (ContainerDeclType ["enum" "union"])
  (ContainerField !field_member
    (ErrorUnionExpr . (SuffixExpr . variable_type_function: (IDENTIFIER) @name .) .)) @definition.enumerator)
((TestDecl (STRINGLITERALSINGLE) @name) @definition.test (#set! trim "\""))

(SuffixExpr variable_type_function: (IDENTIFIER) @name . (FnCallArguments)) @reference.call
(FieldOrFnCall function_call: (IDENTIFIER) @name) @reference.call
