global using Example.Global;

namespace Example.Types;

public struct Point : IEquatable<Point> { public int X, Y; }

public interface IShape : IDrawable, IComparable<IShape>
{
    string Name { get; }
    double Area();
}

enum Color : byte { Red, Green = 2, [Named("x")] Blue }

public record Range(int Low, Bound High) : Base(Low)
{
    public int Size { get; init; }
}
record struct Pair<T>(T First, T Second);

public class Service(Client client) : Base(client), IService
{
    private readonly Client _client = client;
}

public static class Extensions
{
    public static Result Extended(this Item item, Option? option = null) => item switch
    {
        Small small => Handle(small),
        { Size: 1 } => Single(),
        _ => throw new Unknown(),
    };
}

// Broken code must not take its neighbours along.
class Broken { void Method( { return; } }
class After { Result Done() { return Finish(); } }
