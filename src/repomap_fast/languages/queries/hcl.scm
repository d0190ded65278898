; Tags of HCL: blocks by their last label, and calls.

(block (string_lit (template_literal) @name) . (block_start)) @definition.block
(function_call (identifier) @name) @reference.call
