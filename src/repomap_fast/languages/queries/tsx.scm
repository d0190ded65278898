; inherits: typescript, jsx
; Tags of TypeScript with JSX.
