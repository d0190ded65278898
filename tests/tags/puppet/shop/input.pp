class shop (String $name = 'shop') inherits shop::params {
  include shop::stock
  package { 'shop':
    ensure => installed,
  }
  shop::item { 'tea':
    price => 1,
  }
}

define shop::item (Integer $price) {
  notify { "item ${price}": }
}

function shop::total(Integer $n) >> Integer {
  size($n)
}

node 'shop.example.com' {
  include shop
}
