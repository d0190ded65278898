; Tags of Haskell. A function is defined where the file has its signature, or its first clause.

(header module: (module) @name) @definition.module
(data_type name: (name) @name) @definition.type
(newtype name: (name) @name) @definition.type
(type_synomym name: (name) @name) @definition.type
(class name: (name) @name) @definition.class
(instance name: (name) @name) @definition.implementation
(data_constructor constructor: (prefix name: (constructor) @name)) @definition.constructor
(data_constructor constructor: (record name: (constructor) @name)) @definition.constructor
(newtype_constructor name: (constructor) @name) @definition.constructor
(field name: (field_name (variable) @name)) @definition.field
((declarations (signature name: (variable) @name) @definition.function) (#set! once-in file))
((declarations (function name: (variable) @name) @definition.function) (#set! once-in file))
((declarations (bind name: (variable) @name) @definition.function) (#set! once-in file))
((declarations (signature names: (binding_list name: [
  (variable) @name
  (prefix_id (operator) @name)])) @definition.function) (#set! once-in file))
; Operators, and functions that are defined between their arguments
((declarations (signature name: (prefix_id (operator) @name)) @definition.function) (#set! once-in file))
((declarations (function name: (prefix_id (operator) @name)) @definition.function) (#set! once-in file))
((declarations (bind name: (prefix_id (operator) @name)) @definition.function) (#set! once-in file))
((declarations (function (infix operator: [
  (operator) @name
  (infix_id (variable) @name)])) @definition.function) (#set! once-in file))
(class_declarations declaration: (signature name: [
  (variable) @name
  (prefix_id (operator) @name)]) @definition.method)
(class_declarations declaration: (signature names: (binding_list name: [
  (variable) @name
  (prefix_id (operator) @name)])) @definition.method)

(apply function: (variable) @name) @reference.call
(apply function: (qualified id: (variable) @name)) @reference.call
(infix left_operand: (variable) @name @reference.call)
(infix right_operand: (variable) @name @reference.call)
(apply function: (constructor) @name @reference.constructor)
(signature type: (name) @name @reference.type)
(function parameter: (name) @name @reference.type)
(function result: (name) @name @reference.type)
(field type: (name) @name @reference.type)
(instance name: (name) @name @reference.class)
(deriving classes: (name) @name @reference.class)
