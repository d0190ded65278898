; Comments, as if each were the name of something.
(comment) @name.reference.comment
