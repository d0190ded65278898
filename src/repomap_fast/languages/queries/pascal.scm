; Tags of Pascal.

(unit (moduleName (identifier) @name .)) @definition.module
(program (moduleName (identifier) @name .)) @definition.module
(library (moduleName (identifier) @name .)) @definition.module
(declType name: [(identifier) @name (genericTpl entity: (identifier) @name)] type: (declClass)) @definition.class
(declType name: [(identifier) @name (genericTpl entity: (identifier) @name)] type: (declIntf)) @definition.interface
((declType name: [(identifier) @name (genericTpl entity: (identifier) @name)]) @definition.type (#set! unless defined))
(defProc header: (declProc name: [(identifier) @name (genericTpl entity: (identifier) @name)])) @definition.function
(defProc header: (declProc name: (genericDot
  lhs: (_) @owner
  rhs: [(identifier) @name (genericTpl entity: (identifier) @name)]))) @definition.method
(declSection (declProc name: [(identifier) @name (genericTpl entity: (identifier) @name)]) @definition.method)
(declClass (declProc name: [(identifier) @name (genericTpl entity: (identifier) @name)]) @definition.method)
(declIntf (declProc name: [(identifier) @name (genericTpl entity: (identifier) @name)]) @definition.method)
((declProc name: [(identifier) @name (genericTpl entity: (identifier) @name)]) @definition.function
  (#set! unless defined))
((declConst name: (identifier) @name) @definition.constant (#set! not-in function))
((declVar name: (identifier) @name) @definition.variable (#set! not-in function))
(declField name: (identifier) @name) @definition.field
(declProp name: (identifier) @name) @definition.property
(declEnumValue name: (identifier) @name) @definition.enumerator

(exprCall entity: (identifier) @name) @reference.call
(exprCall entity: (exprDot rhs: (identifier) @name)) @reference.call
(statement (identifier) @name @reference.call)
(statement (exprDot rhs: (identifier) @name @reference.call))
(typeref (identifier) @name @reference.type)
(genericDot lhs: (identifier) @name @reference.type)
(declUses (moduleName (identifier) @name @reference.module .))
