job "before" { x = 1 }
job "first" { x = }
job "second" {
  y = [
