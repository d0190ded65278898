; Tags of Pascal.

(unit (moduleName (identifier) @name .)) @definition.module
(program (moduleName (identifier) @name .)) @definition.module
(library (moduleName (identifier) @name .)) @definition.module
(declType name: [(identifier) @name (genericTpl entity: (identifier) @name)]
  type: (declClass [(kClass) (kObject) (kObjcclass)])) @definition.class
(declType name: [(identifier) @name (genericTpl entity: (identifier) @name)]
  type: (declClass (kRecord))) @definition.record
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

; Variables of a class are its fields.
; within: (interface ...)
; within: (implementation ...)
; within: (program ...)
; within: (library ...)
(declVars (declVar name: (identifier) @name) @definition.variable)

; within: (declClass ...)
; within: (declSection ...)
(declVars (declVar name: (identifier) @name) @definition.field)

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
