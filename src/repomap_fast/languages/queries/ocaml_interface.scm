; inherits: ml
; Tags of interfaces of OCaml. What has a type of a function is a function.

(extended_module_path (module_name) @name @reference.module .)
