library ieee;
use ieee.std_logic_1164.all;

package counters is
  constant limit : integer := 10;
  subtype small is integer range 0 to 9;
  type state is (open_s, closed_s);
  component adder is
    port (a : in std_logic);
  end component;
  function next_of(x : integer) return integer;
end package;

package body counters is
  function next_of(x : integer) return integer is
    variable y : integer;
  begin
    return scale(x);
  end function;
end package body;

entity counter is
  port (clk : in std_logic);
end entity;

architecture rtl of counter is
  signal q : integer;
begin
  tick : process (clk)
  begin
    report_it(q);
  end process;
  add0 : adder port map (a => clk);
  sub0 : entity work.subtractor port map (a => clk);
end architecture;
