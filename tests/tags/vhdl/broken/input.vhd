entity before is
end entity;
entity middle is ((( ;
entity after is
end entity;
