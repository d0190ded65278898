(define-library (shop core)
  (export total)
  (import (scheme base)))

(define limit 10)
(define (total items . rest)
  (define sum (apply + items))
  (define (step x) (add x sum))
  (let loop ((i 0)) (if (< i limit) (loop (step i)))))
(define double (lambda (x) (total x x)))
(define ((adder n) m) (+ n m))
(define-record-type <item> (make-item name price) item?
  (name item-name)
  (price item-price set-item-price!))
(define-syntax while
  (syntax-rules () ((_ c body ...) (let lp () (when c body ... (lp))))))
(define-public (report x) (display (item-name x)))
(define-storage-class small limit)
