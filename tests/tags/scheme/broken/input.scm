(define (before x) x)
(define (middle x) (foo
(define (after y) (before y))
