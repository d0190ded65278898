`include "defs.vh"
`define WIDTH 8

module counter #(parameter N = 4) (input clk, output reg [7:0] q);
  localparam LIMIT = 10;
  function [7:0] next;
    input [7:0] x;
    next = x + 1;
  endfunction
  task show;
    input x;
    $display(x);
  endtask
  adder add0 (.a(q), .b(clk));
  always @(posedge clk) q <= next(q);
endmodule

module adder(a, b);
  input a, b;
endmodule
