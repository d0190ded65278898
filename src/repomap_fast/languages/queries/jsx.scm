; Tags of JSX, for javascript.scm and tsx.scm.

; Components begin with a capital or have a dot in them; the rest are elements of HTML.
((jsx_opening_element name: (identifier) @name) @reference.component (#match? @name "^[A-Z]"))
((jsx_self_closing_element name: (identifier) @name) @reference.component (#match? @name "^[A-Z]"))
(jsx_opening_element name: (member_expression property: (property_identifier) @name)) @reference.component
(jsx_self_closing_element name: (member_expression property: (property_identifier) @name)) @reference.component
