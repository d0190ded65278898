; Tags of Nix. An attribute that is bound to a function is a function; of the others those two sets deep at most.

(binding attrpath: (attrpath attr: (identifier) @name .) expression: (function_expression)) @definition.function
(source_code (attrset_expression (binding_set (binding attrpath: (attrpath attr: (identifier) @name .))
  @definition.attribute)) (#set! unless defined))
(source_code (function_expression body: (attrset_expression (binding_set
  (binding attrpath: (attrpath attr: (identifier) @name .)) @definition.attribute))) (#set! unless defined))
(source_code (let_expression (binding_set
  (binding attrpath: (attrpath attr: (identifier) @name .)) @definition.variable)) (#set! unless defined))
(source_code (function_expression body: (let_expression (binding_set
  (binding attrpath: (attrpath attr: (identifier) @name .)) @definition.variable))) (#set! unless defined))
((binding
    attrpath: (attrpath attr: (identifier) @name .)
    expression: (apply_expression function: [
      (variable_expression name: (identifier) @_make)
      (select_expression attrpath: (attrpath attr: (identifier) @_make .))])) @definition.option
  (#any-of? @_make "mkOption" "mkEnableOption" "mkPackageOption")
  (#set! unless defined))

(apply_expression function: (variable_expression name: (identifier) @name)) @reference.call
(apply_expression function: (select_expression attrpath: (attrpath attr: (identifier) @name .))) @reference.call
(inherit (inherited_attrs attr: (identifier) @name @reference.variable))
