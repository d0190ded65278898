; Tags of TOML: tables, and the commands that a project installs.

((table . [(bare_key) (dotted_key)] @name) @definition.table (#set! once-in file))
((table . (quoted_key) @name) @definition.table (#set! once-in file) (#set! trim "\"'"))
((table_array_element . [(bare_key) (dotted_key)] @name) @definition.table (#set! once-in file))
((table_array_element . (quoted_key) @name) @definition.table (#set! once-in file) (#set! trim "\"'"))
((table . [(bare_key) (dotted_key)] @_table (pair . (bare_key) @name @definition.command))
  (#any-of? @_table
    "project.scripts" "project.gui-scripts" "tool.poetry.scripts" "tool.pdm.scripts" "tool.hatch.envs.default.scripts"
    "tool.pixi.tasks" "tasks" "scripts" "alias"))
