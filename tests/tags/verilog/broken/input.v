module before(a);
endmodule
module middle(((
endmodule
module after(b);
endmodule
