; Tags of Markdown: headings. What follows one, up to the next of its level, is within it.

; Marks that close a heading are none of its name.

((section (atx_heading heading_content: (inline) @name)) @definition.heading (#set! close "#"))
((section (setext_heading heading_content: (paragraph (inline) @name))) @definition.heading
  (#not-match? @name "\n"))
