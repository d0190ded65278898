; Tags of the JSON files that tools know: scripts and tasks, commands, aliases of paths, paths and schemas of OpenAPI.

((pair key: (string (string_content) @_group)
    value: (object (pair key: (string (string_content) @name)) @definition.script))
  (#any-of? @_group "scripts" "tasks"))
((pair key: (string (string_content) @_group)
    value: (object (pair key: (string (string_content) @name)) @definition.command))
  (#eq? @_group "bin"))
((pair key: (string (string_content) @_group)
    value: (object (pair key: (string (string_content) @name)) @definition.path))
  (#eq? @_group "paths"))
((pair key: (string (string_content) @_group)
    value: (object (pair key: (string (string_content) @name)) @definition.schema))
  (#any-of? @_group "schemas" "definitions" "$defs"))
