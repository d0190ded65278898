; Tags of Bicep.

(parameter_declaration . (identifier) @name) @definition.parameter
(variable_declaration . (identifier) @name) @definition.variable
(resource_declaration . (identifier) @name) @definition.resource
(module_declaration . (identifier) @name) @definition.module
(output_declaration . (identifier) @name) @definition.output
(type_declaration . (identifier) @name) @definition.type
(user_defined_function name: (identifier) @name) @definition.function

(call_expression function: (identifier) @name) @reference.call
(member_expression object: (identifier) @name @reference.variable)
