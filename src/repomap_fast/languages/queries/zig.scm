; Tags of Zig. A type is a container that is bound to a name.

(Decl (FnProto function: (IDENTIFIER) @name)) @definition.function
(source_file (Decl (VarDecl variable_type_function: (IDENTIFIER) @name) @definition.variable))
(ContainerDecl (Decl (VarDecl variable_type_function: (IDENTIFIER) @name) @definition.variable))
(ContainerField field_member: (IDENTIFIER) @name) @definition.field
(ContainerDecl
  (ContainerDeclType ["enum" "union"])
  (ContainerField !field_member
    (ErrorUnionExpr . (SuffixExpr . variable_type_function: (IDENTIFIER) @name .) .)) @definition.enumerator)
((TestDecl (STRINGLITERALSINGLE) @name) @definition.test (#set! trim "\""))

(SuffixExpr variable_type_function: (IDENTIFIER) @name . (FnCallArguments)) @reference.call
(FieldOrFnCall function_call: (IDENTIFIER) @name) @reference.call
