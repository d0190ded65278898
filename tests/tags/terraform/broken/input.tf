variable "first" {
resource "a" "b" { x =
}
locals { y = [ }
output "last" { value = 1 }
