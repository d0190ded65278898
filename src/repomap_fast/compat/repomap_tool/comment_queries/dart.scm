; Comments, as if each were the name of something.
(comment) @name.reference.comment
(documentation_comment) @name.reference.comment
