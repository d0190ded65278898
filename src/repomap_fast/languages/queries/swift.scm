; Tags of Swift. Functions are functions wherever they stand; what the language calls a property is one in a type or a
; protocol, a variable at the top of a file, and nothing in a body.

(class_declaration declaration_kind: "class" name: (type_identifier) @name) @definition.class
(class_declaration declaration_kind: "actor" name: (type_identifier) @name) @definition.class
(class_declaration declaration_kind: "struct" name: (type_identifier) @name) @definition.struct
(class_declaration declaration_kind: "enum" name: (type_identifier) @name) @definition.enum
(class_declaration
  declaration_kind: "extension"
  name: [
    (user_type (type_identifier) @name .)
    (user_type (type_identifier) @name . (type_arguments))]) @definition.extension
(protocol_declaration name: (type_identifier) @name) @definition.protocol
(enum_entry name: (simple_identifier) @name) @definition.enumerator
(typealias_declaration name: (type_identifier) @name) @definition.type
(associatedtype_declaration name: (type_identifier) @name) @definition.type
(macro_declaration . (simple_identifier) @name) @definition.macro
(macro_declaration . (modifiers) . (simple_identifier) @name) @definition.macro

(function_declaration name: [(simple_identifier) (custom_operator)] @name) @definition.function
(protocol_function_declaration name: [(simple_identifier) (custom_operator)] @name) @definition.function
; The operators that the language has are words of their own.
(function_declaration name: [
  "==" "!=" "<" ">" "<=" ">=" "+" "-" "*" "/" "%" "+=" "-=" "*=" "/=" "%=" "===" "!==" "++" "--" "&" "|" "^" "~" ">>" "<<" "..." "..<"] @name) @definition.function
(protocol_function_declaration name: [
  "==" "!=" "<" ">" "<=" ">=" "+" "-" "*" "/" "%" "+=" "-=" "*=" "/=" "%=" "===" "!==" "++" "--" "&" "|" "^" "~" ">>" "<<" "..." "..<"] @name) @definition.function
(init_declaration name: "init" @name) @definition.constructor

(source_file
  (property_declaration name: (pattern [
    bound_identifier: (simple_identifier) @name
    (pattern (simple_identifier) @name)])) @definition.variable)
(class_body
  (property_declaration name: (pattern [
    bound_identifier: (simple_identifier) @name
    (pattern (simple_identifier) @name)])) @definition.property)
(enum_class_body
  (property_declaration name: (pattern [
    bound_identifier: (simple_identifier) @name
    (pattern (simple_identifier) @name)])) @definition.property)
(protocol_property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.property

; Calls, by the last name of what is called; a name after a mere dot is one too.
(call_expression . (simple_identifier) @name) @reference.call
(call_expression .
  (navigation_expression suffix: (navigation_suffix suffix: (simple_identifier) @name))) @reference.call
(call_expression . (prefix_expression operation: "." target: (simple_identifier) @name)) @reference.call
(macro_invocation . (simple_identifier) @name) @reference.call
(import_declaration (identifier (simple_identifier) @name .)) @reference.import

; Classes and protocols that types are made from, and attributes
(constructor_expression constructed_type: (user_type (type_identifier) @name .)) @reference.class
(constructor_expression constructed_type: (user_type (type_identifier) @name . (type_arguments))) @reference.class
(inheritance_specifier inherits_from: (user_type (type_identifier) @name .)) @reference.class
(inheritance_specifier inherits_from: (user_type (type_identifier) @name . (type_arguments))) @reference.class
(attribute (user_type (type_identifier) @name .)) @reference.annotation
(attribute (user_type (type_identifier) @name . (type_arguments))) @reference.annotation

; Types, each place by name, since above the same nodes are not of a type. Of a name with dots the last part counts.
; within: (type_annotation ...) @reference.type
; within: (parameter ...) @reference.type
; within: (optional_type ...) @reference.type
; within: (array_type ...) @reference.type
; within: (dictionary_type ...) @reference.type
; within: (tuple_type_item ...) @reference.type
; within: (function_type ...) @reference.type
; within: (function_declaration ...) @reference.type
; within: (protocol_function_declaration ...) @reference.type
; within: (subscript_declaration ...) @reference.type
; within: (lambda_function_type ...) @reference.type
; within: (lambda_parameter ...) @reference.type
; within: (type_arguments ...) @reference.type
; within: (type_parameter ...) @reference.type
; within: (inheritance_constraint ...) @reference.type
; within: (equality_constraint ...) @reference.type
; within: (as_expression ...) @reference.type
; within: (check_expression ...) @reference.type
; within: (opaque_type ...) @reference.type
; within: (existential_type ...) @reference.type
; within: (protocol_composition_type ...) @reference.type
; within: (typealias_declaration ...) @reference.type
; within: (associatedtype_declaration ...) @reference.type
; within: (enum_type_parameters ...) @reference.type
; within: (pattern ...) @reference.type
; within: (metatype ...) @reference.type
[
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]
