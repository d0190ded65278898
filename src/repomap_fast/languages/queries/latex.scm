; Tags of LaTeX: headings, labels, and what a document defines.

((part text: (curly_group) @name) @definition.heading (#set! trim "{}"))
((chapter text: (curly_group) @name) @definition.heading (#set! trim "{}"))
((section text: (curly_group) @name) @definition.heading (#set! trim "{}"))
((subsection text: (curly_group) @name) @definition.heading (#set! trim "{}"))
((subsubsection text: (curly_group) @name) @definition.heading (#set! trim "{}"))
(label_definition name: (curly_group_label label: (label) @name)) @definition.label
(new_command_definition declaration: (curly_group_command_name command: (command_name) @name)) @definition.command
(new_command_definition declaration: (command_name) @name) @definition.command
(old_command_definition declaration: (command_name) @name) @definition.command
(environment_definition name: (curly_group_text text: (text) @name)) @definition.environment
(theorem_definition name: (curly_group_text_list text: (text) @name)) @definition.environment

(label_reference names: (curly_group_label_list label: (label) @name @reference.label))
(citation keys: (curly_group_text_list text: (text) @name @reference.citation))
(generic_command command: (command_name) @name) @reference.call
