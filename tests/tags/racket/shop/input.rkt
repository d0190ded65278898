#lang racket/base
(require racket/list "stock.rkt")
(provide total)

(define limit 10)
(define (total items)
  (define sum (apply + items))
  (define (step x) (add x sum))
  (map step items))
(define double (λ (x) (total x)))
(struct item (name price) #:transparent)
(define-syntax-rule (swap a b) (let ([t a]) (set! a b)))
(define/contract (report x) (-> any/c void?) (displayln (item-name x)))
(define-values (low high) (values 0 1))
(define shop%
  (class object%
    (define/public (open) (report this))
    (super-new)))
(define-runtime-path here ".")
(module+ test (check-equal? (total '()) 0))
