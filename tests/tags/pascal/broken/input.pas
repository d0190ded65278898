unit Broken;
interface
procedure Before;
implementation
procedure Before; begin end;
procedure Middle(((;
end.
