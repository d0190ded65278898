; Comments, as if each were the name of something.
(comment) @name.reference.comment
(statement_comment) @name.reference.comment
(module_comment) @name.reference.comment
