; Comments, as if each were the name of something.
(line_comment) @name.reference.comment
(block_comment) @name.reference.comment
