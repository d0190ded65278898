; Tags of Solidity.

(contract_declaration name: (identifier) @name) @definition.class
(interface_declaration name: (identifier) @name) @definition.interface
(library_declaration name: (identifier) @name) @definition.class
(struct_declaration name: (identifier) @name) @definition.struct
(struct_member name: (identifier) @name) @definition.field
(enum_declaration name: (identifier) @name) @definition.enum
(enum_value) @name.definition.enumerator
(event_definition name: (identifier) @name) @definition.event
(error_declaration name: (identifier) @name) @definition.error
(modifier_definition name: (identifier) @name) @definition.modifier
(contract_body (function_definition name: (identifier) @name) @definition.method)
(source_file (function_definition name: (identifier) @name) @definition.function)
(state_variable_declaration name: (identifier) @name) @definition.field
(constant_variable_declaration name: (identifier) @name) @definition.constant
(user_defined_type_definition name: (identifier) @name) @definition.type

(call_expression function: (expression (identifier) @name)) @reference.call
(call_expression function: (expression (member_expression property: (identifier) @name))) @reference.call
(user_defined_type (identifier) @name @reference.type .)
(emit_statement name: (expression (identifier) @name)) @reference.event
(revert_statement error: (expression (identifier) @name)) @reference.error
(modifier_invocation . (identifier) @name) @reference.modifier
