; Tags of MATLAB.

(function_definition name: (identifier) @name) @definition.function
(function_signature name: (identifier) @name) @definition.function
(class_definition name: (identifier) @name) @definition.class
(property name: (identifier) @name) @definition.property
(enum . (identifier) @name) @definition.enumerator
(events (identifier) @name @definition.event)

(function_call name: (identifier) @name) @reference.call
(command (command_name) @name) @reference.call
(handle_operator (identifier) @name @reference.call)
(superclasses (property_name (identifier) @name @reference.class .))
