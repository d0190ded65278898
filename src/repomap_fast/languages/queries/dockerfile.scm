; Tags of Dockerfiles: stages, and what a build sets.

(from_instruction as: (image_alias) @name) @definition.stage
((arg_instruction name: (unquoted_string) @name) @definition.variable (#set! once-in file))
((env_pair name: (unquoted_string) @name) @definition.variable (#set! once-in file))

(from_instruction (image_spec name: (image_name) @name)) @reference.image
(expansion (variable) @name) @reference.variable
