; Tags of Puppet.

(class_definition . [(identifier) (class_identifier)] @name) @definition.class
(defined_resource_type . [(identifier) (class_identifier)] @name) @definition.type
(function_declaration . [(identifier) (class_identifier)] @name) @definition.function
((node_definition (node_name) @name) @definition.node (#set! trim "'\""))
(type_declaration . (_) @name) @definition.type

(resource_declaration type: [(identifier) (class_identifier)] @name @reference.type)
(function_call . (identifier) @name) @reference.call
(include_statement [(identifier) (class_identifier)] @name @reference.class)
