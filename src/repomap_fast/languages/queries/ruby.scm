; Tags of Ruby. Every pattern begins at one kind of node and steps down by fields, so that the cursor drops it early.

; Every `def` is a method, also one outside of any class. A setter is called `name=`.
(method name: [(identifier) (constant) (operator) (setter)] @name) @definition.method
(singleton_method name: [(identifier) (constant) (operator) (setter)] @name) @definition.method
(alias name: [(identifier) (constant) (operator) (setter)] @name) @definition.method
((alias name: (simple_symbol) @name) @definition.method (#set! trim ":"))

; `class A::B` is called B, as the constant is.
(class name: (constant) @name) @definition.class
(class name: (scope_resolution name: (constant) @name)) @definition.class
(module name: (constant) @name) @definition.module
(module name: (scope_resolution name: (constant) @name)) @definition.module

; A capital letter makes it a constant, wherever it stands.
(assignment left: (constant) @name) @definition.constant
(assignment left: (left_assignment_list (constant) @name)) @definition.constant
(operator_assignment left: (constant) @name) @definition.constant

(assignment left: (scope_resolution name: (constant) @name)) @definition.constant
(operator_assignment left: (scope_resolution name: (constant) @name)) @definition.constant

; Methods that a call in a class makes, named by symbols. There are few patterns, since each looks at every call.
((call !receiver method: (identifier) @_call arguments: (argument_list [
    (simple_symbol) @name @definition.method
    (string . (string_content) @name @definition.method .)]))
  (#any-of? @_call
    "attr" "attr_reader" "attr_accessor" "attr_internal" "attr_internal_reader" "attr_internal_accessor" "cattr_reader"
    "cattr_accessor" "mattr_reader" "mattr_accessor" "class_attribute" "thread_mattr_accessor" "thread_cattr_accessor"
    "delegate" "def_delegators" "def_instance_delegators")
  (#not-match? @name "^:@")
  (#set! trim ":"))
((call !receiver method: (identifier) @_call arguments: (argument_list [
    (simple_symbol) @name @definition.method
    (string . (string_content) @name @definition.method .)]))
  (#any-of? @_call "attr_writer" "attr_internal_writer" "cattr_writer" "mattr_writer")
  (#set! trim ":")
  (#set! suffix "="))
((call !receiver method: (identifier) @_call arguments: (argument_list . [
    (simple_symbol) @name
    (string . (string_content) @name .)])) @definition.method
  (#any-of? @_call
    "alias_method" "alias_attribute" "define_method" "define_singleton_method" "scope" "has_many" "has_one"
    "belongs_to" "has_and_belongs_to_many" "has_one_attached" "has_many_attached" "attribute")
  (#set! trim ":"))

; A method that is delegated has the name of the third argument, if there is one.
((call !receiver method: (identifier) @_call arguments: [
    (argument_list . (_) . (simple_symbol) @name .)
    (argument_list . (_) . (_) . (simple_symbol) @name .)]) @definition.method
  (#any-of? @_call "def_delegator" "def_instance_delegator")
  (#set! trim ":"))

; Members of a structure
((call
    receiver: [(constant) @_struct (scope_resolution name: (constant) @_struct)]
    method: (identifier) @_make
    arguments: (argument_list (simple_symbol) @name @definition.method))
  (#any-of? @_struct "Struct" "Data")
  (#any-of? @_make "new" "define")
  (#set! trim ":"))

; Calls that have a receiver or arguments; a bare word may be a variable as well.
(call method: [(identifier) (constant)] @name) @reference.call

; Constants that are used: nearly all are classes and modules.
(superclass (constant) @name @reference.class)
(superclass (scope_resolution name: (constant) @name @reference.class))
(call receiver: (constant) @name @reference.class)
(call receiver: (scope_resolution name: (constant) @name @reference.class))
(argument_list (constant) @name @reference.class)
(argument_list (scope_resolution name: (constant) @name @reference.class))
(exceptions (constant) @name @reference.class)
(exceptions (scope_resolution name: (constant) @name @reference.class))
(pattern (constant) @name @reference.class)
(pattern (scope_resolution name: (constant) @name @reference.class))
(scope_resolution scope: (constant) @name @reference.class)
(scope_resolution scope: (scope_resolution name: (constant) @name @reference.class))
(array_pattern class: (constant) @name @reference.class)
(array_pattern class: (scope_resolution name: (constant) @name @reference.class))
(hash_pattern class: (constant) @name @reference.class)
(hash_pattern class: (scope_resolution name: (constant) @name @reference.class))
(find_pattern class: (constant) @name @reference.class)
(as_pattern value: (constant) @name @reference.class)
(as_pattern value: (scope_resolution name: (constant) @name @reference.class))
(alternative_pattern (constant) @name @reference.class)
(in_clause pattern: (constant) @name @reference.class)
