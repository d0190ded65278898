; Comments, as if each were the name of something.
(comment) @name.reference.comment
(block_comment) @name.reference.comment
