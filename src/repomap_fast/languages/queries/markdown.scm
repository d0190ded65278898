; Tags of Markdown: headings. What follows one, up to the next of its level, is within it.

(section (atx_heading heading_content: (inline) @name)) @definition.heading
((section (setext_heading heading_content: (paragraph (inline) @name))) @definition.heading
  (#not-match? @name "\n"))
