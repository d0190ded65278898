; Tags of Ruby. Every pattern hangs on one kind of node and steps down by fields, so that the cursor drops it early.

; Every `def` is a method, also one outside of any class. A setter is called `name=`.
(method name: [(identifier) (constant) (operator) (setter)] @name) @definition.method
(singleton_method name: [(identifier) (constant) (operator) (setter)] @name) @definition.method
(alias name: [(identifier) (constant) (operator) (setter)] @name) @definition.method

; `class A::B` is called B, as the constant is.
(class name: (constant) @name) @definition.class
(class name: (scope_resolution name: (constant) @name)) @definition.class
(module name: (constant) @name) @definition.module
(module name: (scope_resolution name: (constant) @name)) @definition.module

; A capital letter makes it a constant, wherever it stands.
(assignment left: (constant) @name) @definition.constant
(assignment left: (left_assignment_list (constant) @name)) @definition.constant
(operator_assignment left: (constant) @name) @definition.constant

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
