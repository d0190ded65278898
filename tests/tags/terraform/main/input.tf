variable "region" { type = string }
output "ip" { value = aws_instance.web.ip }
module "vpc" {
  source = "./vpc"
  cidr   = var.region
}
resource "aws_instance" "web" {
  ami   = data.aws_ami.base.id
  count = length(local.zones)
  dynamic "disk" {
    for_each = module.vpc.ids
  }
}
data "aws_ami" "base" {}
locals {
  zones = ["a"]
  name  = "x-${var.region}"
}
provider "aws" { region = var.region }
terraform { backend "s3" {} }
