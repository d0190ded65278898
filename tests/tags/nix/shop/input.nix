{ lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  limit = 10;
  twice = x: add x x;
in
{
  options.shop.enable = mkOption { type = types.bool; };
  config = lib.mkIf true {
    shop.stock = { inner = builtins.map twice [ 1 ]; };
  };
  total = { items, ... }: sum items;
}
