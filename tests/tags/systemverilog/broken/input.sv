module first(input a;
  wire b = (a;
endmodule
module second; endmodule
class C; function int f(; endclass
