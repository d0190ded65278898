job "web" {
  group "front" {
    count = max(1, 2)
    task "serve" { driver = "docker" }
  }
}
service { name = "x" }
