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

(function_declaration name: (simple_identifier) @name) @definition.function
(protocol_function_declaration name: (simple_identifier) @name) @definition.function
(init_declaration name: "init" @name) @definition.constructor

(source_file
  (property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.variable)
(class_body
  (property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.property)
(enum_class_body
  (property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.property)
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
(type_annotation [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(parameter [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(optional_type [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(array_type [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(dictionary_type [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(tuple_type_item [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(function_type [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(function_declaration [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(protocol_function_declaration [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(subscript_declaration [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(lambda_function_type [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(lambda_parameter [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(type_arguments [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(type_parameter [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(inheritance_constraint [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(equality_constraint [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(as_expression [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(check_expression [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(opaque_type [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(existential_type [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(protocol_composition_type [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(typealias_declaration [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(associatedtype_declaration [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(enum_type_parameters [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(pattern [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
(metatype [
  (user_type (type_identifier) @name .)
  (user_type (type_identifier) @name . (type_arguments))]) @reference.type
