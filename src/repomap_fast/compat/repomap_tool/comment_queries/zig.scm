; Comments, as if each were the name of something.
(line_comment) @name.reference.comment
(doc_comment) @name.reference.comment
(container_doc_comment) @name.reference.comment
