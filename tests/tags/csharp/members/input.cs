using System;
using System.Collections.Generic;
using static System.Math;
using Alias = Some.Name.Space.Type;

[assembly: Version("1.0")]

namespace Example.Store
{
    [Serializable, Tests.Category("x")]
    public abstract partial class Store<T> : Base<T>, IReader, IO.IWriter<T> where T : Item, new()
    {
        private const int Limit = 10, Depth = 3;
        public static readonly Dictionary<string, Entry> Cache = new Dictionary<string, Entry>(), Other = new();
        private Item[] items;
        private (First a, Second b) pair;
        private Nested.Type? nested;

        public int Count { get; set; } = Compute();
        public Item First => items[0];
        public Item this[int index] { get { return items[index]; } }
        public event EventHandler Changed;
        public event Handler Closed { add { Attach(value); } remove { } }

        static Store() { }
        protected Store(Service service) : base(service) { Register(this); }
        ~Store() { }

        [Obsolete]
        public async Task<Result<T>> Find<U>(Key key, ref Option[] options, params U[] rest) where U : class
        {
            int local = 1;
            var made = new Outer.Made(local);
            Typed<Argument> typed = new();
            key.First().Second<Target>().Third();
            key?.Maybe();
            this.Own();
            Free<Target>();
            void Local(Item item) { Inner(item); }
            foreach (Item item in items) { }
            if (key is Checked found && key is not null) { }
            var cast = (Cast)key;
            var soft = key as Soft;
            var type = typeof(Type);
            var name = nameof(Find);
            try { Risky(); } catch (Missing error) { throw new Wrapped(error); }
            using (Resource resource = Open()) { }
            switch (key) { case Matched matched: break; }
            Func<int, Result> lambda = x => Run(x);
            return await Static.Load();
        }

        protected abstract void Load();
        int IReader.Read() => 1;
        public static extern void External();
        public static Store<T> operator +(Store<T> left, Store<T> right) => left;
        public static implicit operator int(Store<T> store) => 1;

        class Inner { string Größe; }
        delegate void Handler(object sender, Event args);
    }
}

readonly struct Money
{
    public static Money operator +(Money left, Money right) => Sum(left, right);
    public static bool operator ==(Money left, Money right) => true;
}
