`define MAX(a, b) ((a) > (b) ? (a) : (b))
package bus_pkg;
  typedef enum logic [1:0] {IDLE, RUN} state_e;
  typedef struct packed { logic a; logic [3:0] b; } req_t;
  parameter int W = 8;
  function automatic int add(int a, int b);
    return a + b;
  endfunction
  class Base #(type T = int) extends Root;
    rand int x;
    function new(string name);
      super.new(name);
    endfunction
    virtual function void run(int a);
      helper(a);
      this.go();
    endfunction
    extern task body();
    constraint c_x { x > 0; }
  endclass
  task Base::body();
  endtask
endpackage
interface bus_if(input clk);
  modport master(input clk);
endinterface
module top import bus_pkg::*; #(parameter P = 1) (input logic clk, output logic q);
  localparam L = 2;
  bus_pkg::req_t r;
  sub #(.A(1)) u_sub (.clk(clk), .q);
  always_ff @(posedge clk) q <= add(1, `MAX(L, P));
  property steady; q |-> r; endproperty
  assert property (steady);
endmodule
module old(a);
  input a;
endmodule
program test; endprogram
