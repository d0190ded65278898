; Tags of Meson.

((operatorunit . (identifier) @name) @definition.variable (#set! once-in file))
((normal_command command: (identifier) @_word . (variableunit (string) @name)) @definition.target
  (#any-of? @_word
    "executable" "library" "static_library" "shared_library" "both_libraries" "custom_target" "shared_module" "jar"
    "run_target" "build_target" "alias_target")
  (#set! trim "'"))
((normal_command command: (identifier) @_word . (variableunit (string) @name)) @definition.project
  (#eq? @_word "project")
  (#set! trim "'"))
((normal_command command: (identifier) @_word . (variableunit (string) @name)) @definition.option
  (#eq? @_word "option")
  (#set! trim "'"))

(normal_command command: (identifier) @name) @reference.call
