; Tags of INI files: sections.

(section (section_name (text) @name)) @definition.section
