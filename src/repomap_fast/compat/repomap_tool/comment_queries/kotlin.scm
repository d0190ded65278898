; Comments, as if each were the name of something.
(line_comment) @name.reference.comment
(multiline_comment) @name.reference.comment
