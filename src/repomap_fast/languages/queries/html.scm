; Tags of HTML: what other files refer to by name. Values with blanks or braces are lists or parts of templates.
; Spellings are listed: a regex that passes over case would cost a quarter of the time of a page.

((attribute (attribute_name) @_attribute [
    (attribute_value) @name
    (quoted_attribute_value (attribute_value) @name)]) @definition.id
  (#any-of? @_attribute "id" "ID" "Id")
  (#match? @name "^[^\\s{}<>$%]+$"))

((attribute (attribute_name) @_attribute [
    (attribute_value) @name
    (quoted_attribute_value (attribute_value) @name)]) @reference.selector
  (#any-of? @_attribute "class" "CLASS" "Class" "for")
  (#match? @name "^[^\\s{}<>$%]+$"))
