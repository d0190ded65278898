(defpackage :shop (:use :cl) (:export #:total))
(in-package #:shop)

(defvar *stock* nil)
(defparameter *limit* 10)
(defconstant +free+ 0)

(defclass item (base)
  ((price :initarg :price :accessor item-price)))
(define-condition sold-out (error) ())
(defstruct (box (:conc-name box-)) width height)
(deftype amount () 'integer)

(defgeneric area (shape))
(defmethod area ((shape box))
  (* (box-width shape) (box-height shape)))
(defmethod (setf area) (value (shape box)) value)

(defmacro with-stock ((name) &body body)
  `(let ((,name *stock*)) ,@body))

(DEFUN total (items)
  (loop for item in items sum (item-price item)))

(defun report (items)
  "Prints."
  (funcall #'total items)
  (cl-ppcre:scan "a" (total items)))

(define-easy-handler (shop-page :uri "/shop") () (report nil))
(defcommand open-shop () () (report '(define-nothing here)))
(asdf:defsystem "shop" :depends-on (:cl-ppcre))
