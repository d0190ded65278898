; Tags of CMake. Its commands are known by their names; names that are made of variables are left out. Spellings are
; listed: a regex that passes over case would cost a quarter of the time of a file.

(function_def (function_command (argument_list . (argument (unquoted_argument) @name)))) @definition.function
(macro_def (macro_command (argument_list . (argument (unquoted_argument) @name)))) @definition.macro
((normal_command (identifier) @_command (argument_list . (argument (unquoted_argument) @name))) @definition.target
  (#any-of? @_command
    "add_executable" "add_library" "add_custom_target" "ADD_EXECUTABLE" "ADD_LIBRARY" "ADD_CUSTOM_TARGET")
  (#not-match? @name "[$]"))
((normal_command (identifier) @_command (argument_list . (argument (unquoted_argument) @name))) @definition.variable
  (#any-of? @_command "set" "option" "SET" "OPTION" "Set" "Option")
  (#not-match? @name "[$]")
  (#set! not-in function)
  (#set! once-in file))
((normal_command (identifier) @_command (argument_list . (argument (unquoted_argument) @name))) @definition.project
  (#any-of? @_command "project" "PROJECT")
  (#not-match? @name "[$]"))

(normal_command (identifier) @name) @reference.call
(normal_var (variable) @name) @reference.variable
((normal_command (identifier) @_command (argument_list . (argument (unquoted_argument) @name))) @reference.target
  (#any-of? @_command
    "target_link_libraries" "target_sources" "target_include_directories" "target_compile_options"
    "target_compile_definitions" "target_compile_features" "add_dependencies" "set_target_properties"
    "TARGET_LINK_LIBRARIES" "TARGET_SOURCES" "TARGET_INCLUDE_DIRECTORIES" "ADD_DEPENDENCIES" "SET_TARGET_PROPERTIES")
  (#not-match? @name "[$]"))
((normal_command (identifier) @_command (argument_list . (argument) (argument (unquoted_argument) @name)))
  @reference.target
  (#any-of? @_command "target_link_libraries" "TARGET_LINK_LIBRARIES" "add_dependencies" "ADD_DEPENDENCIES")
  (#not-match? @name "[$/]|^(PUBLIC|PRIVATE|INTERFACE|LINK_PUBLIC|LINK_PRIVATE|debug|optimized|general)$|^-"))
