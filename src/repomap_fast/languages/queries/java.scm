; Tags of Java. Nearly every pattern is two nodes deep and begins at the node with the name; class bodies are not
; walked from above, so that nothing is carried along through a body.

; Types
(class_declaration name: (identifier) @name) @definition.class
(interface_declaration name: (identifier) @name) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enum
(enum_constant name: (identifier) @name) @definition.enumerator
(record_declaration name: (identifier) @name) @definition.record
(annotation_type_declaration name: (identifier) @name) @definition.annotation

; Members. The components of a record are its fields; a constant of an interface is a field that is final.
(method_declaration name: (identifier) @name) @definition.method
(annotation_type_element_declaration name: (identifier) @name) @definition.method
(constructor_declaration name: (identifier) @name) @definition.constructor
(compact_constructor_declaration name: (identifier) @name) @definition.constructor
(field_declaration declarator: (variable_declarator name: (identifier) @name) @definition.field)
(constant_declaration declarator: (variable_declarator name: (identifier) @name) @definition.constant)
(record_declaration
  parameters: (formal_parameters [
    (formal_parameter name: (identifier) @name) @definition.field
    (spread_parameter (variable_declarator name: (identifier) @name)) @definition.field]))

; Modules: the last name of the dotted one, as packages are told apart by it.
(module_declaration name: [(identifier) @name (scoped_identifier name: (identifier) @name)]) @definition.module

; Uses of values
(method_invocation name: (identifier) @name) @reference.call
(method_reference (identifier) @name .) @reference.call
(import_declaration (scoped_identifier name: (identifier) @name) .) @reference.import
(annotation name: [(identifier) @name (scoped_identifier name: (identifier) @name)]) @reference.annotation
(marker_annotation name: [(identifier) @name (scoped_identifier name: (identifier) @name)]) @reference.annotation

; Uses of types, each parent by name: a bare (type_identifier) would be cheaper, but could not tell what a class is made
; from (new, extends, implements, permits) from what is only of a type. A name with a dot in it is always a type.
(object_creation_expression type: [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.class
(superclass [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.class
(type_list [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.class

(formal_parameter type: [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(spread_parameter [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(field_declaration type: [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(constant_declaration type: [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(local_variable_declaration type: [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(method_declaration type: [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(annotation_type_element_declaration
  type: [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(record_pattern (identifier) @name) @reference.type
(record_pattern (generic_type . (type_identifier) @name)) @reference.type
(record_pattern_component [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(type_pattern . [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(enhanced_for_statement type: [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(resource type: [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(catch_type (type_identifier) @name) @reference.type
(throws (type_identifier) @name) @reference.type
(type_arguments [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(type_bound [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(wildcard [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(array_type element: [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(array_creation_expression type: [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(cast_expression type: [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(instanceof_expression right: [(type_identifier) @name (generic_type . (type_identifier) @name)]) @reference.type
(class_literal (type_identifier) @name) @reference.type
(scoped_type_identifier (type_identifier) @name .) @reference.type
