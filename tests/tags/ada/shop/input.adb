with Ada.Text_IO;
package body Shop.Stock is
   type Item is record
      Price : Integer;
   end record;
   type State is (Open, Closed);
   subtype Small is Integer range 1 .. 10;
   Limit : constant Integer := 10;
   Sold_Out : exception;
   package Lists is new Vectors (Integer);

   procedure Add (N : in Integer);

   procedure Add (N : in Integer) is
      Sum : Integer;
   begin
      Ada.Text_IO.Put_Line (Image (N));
      Report;
   end Add;

   function Total (N : Small) return Integer is (N + 1);
end Shop.Stock;
