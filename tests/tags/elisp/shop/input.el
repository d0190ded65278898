;;; shop.el --- a shop  -*- lexical-binding: t -*-
(require 'cl-lib)

(defgroup shop nil "A shop.")
(defcustom shop-limit 10 "Most items." :type 'integer)
(defvar shop-items nil)
(defvar-local shop-here nil)
(defconst shop-free 0)
(defface shop-face '((t :weight bold)) "A face.")

(cl-defstruct (shop-item (:constructor shop-item-make)) name price)
(defclass shop-box () ((width :initarg :width)))
(cl-defgeneric shop-area (thing))
(cl-defmethod shop-area ((box shop-box)) (* 2 (oref box width)))

(defmacro shop-with (&rest body) `(progn ,@body))
(defsubst shop-half (x) (/ x 2))
(defun shop-total (items)
  "Sum."
  (interactive)
  (let ((sum 0))
    (dolist (item items sum)
      (setq sum (+ sum (shop-item-price item))))))
(defalias 'shop-sum #'shop-total)
(define-minor-mode shop-mode "A mode." :lighter " shop" (shop-total shop-items))
(transient-define-prefix shop-menu () "Menu." (shop-half 2))
(ert-deftest shop-test () (should (= 0 (shop-total nil))))
(provide 'shop)
