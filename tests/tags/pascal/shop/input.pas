unit Shop;
interface
uses SysUtils;
const Limit = 10;
type
  TItem = class(TBase)
  private
    FPrice: Integer;
  public
    constructor Create(A: Integer);
    function Total: Integer;
    property Price: Integer read FPrice;
  end;
  TState = (sOpen, sClosed);
  ICount = interface
    procedure Count;
  end;
  TAlias = Integer;
  TPoint = record
    X: Integer;
  end;
  TPool = class
  strict private
  var
    FFirst, FLast: Integer;
    class var FShared: TPool;
  end;
var Counter: Integer;
procedure Report(X: Integer);
implementation

constructor TItem.Create(A: Integer);
begin
  inherited Create;
  Self.Add(A);
end;

function TItem.Total: Integer;
begin
  Result := Round(FPrice);
end;

procedure Report(X: Integer);
var L: Integer;
begin
  TItem.Create(1).Total;
end;

end.
