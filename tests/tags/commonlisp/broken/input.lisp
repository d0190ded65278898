(defun before (x) x)
(defun middle (x) (foo
(defun after (y) (before y))
