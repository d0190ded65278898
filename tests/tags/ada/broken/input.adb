procedure Before is
begin
   null;
end Before;
procedure Middle ((( is
