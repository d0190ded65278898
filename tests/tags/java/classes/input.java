package com.example.store;

import java.util.List;
import java.util.Map.Entry;
import static java.util.Objects.requireNonNull;
import static org.junit.Assert.*;
import com.example.model.*;

/** A class with every kind of member. */
@Component(name = "store")
@Deprecated
public abstract class Store<K extends Comparable<K>, V> extends Base<V> implements Reader, io.Writer<K>, Closeable {
    public static final int LIMIT = 10, DEPTH = 3;
    private final List<String>[] names;
    protected int count, sizes[];
    private Runnable task = () -> start(LIMIT);

    static {
        register(Store.class);
    }

    {
        initialize();
    }

    protected Store(int count) throws StoreException {
        this(count, null);
        super.start();
    }

    @Override
    public <T> Entry<K, T> find(final Key key, Option... options) throws IOException, store.MissingException {
        int local = 0;
        Cache<Key> cache = new Cache<>(local);
        key.first().second().third();
        Helper.run(this::load);
        names.stream().map(String::valueOf).map(Parser::new);
        Listener listener = new Listener() {
            private int seen;

            @Override
            public void heard(Event event) {
                notify(event);
            }
        };
        class LocalClass {
            void inLocalClass() {}
        }
        return (Entry<K, T>) cache.get(key);
    }

    abstract V load(K key);

    private native int größe();

    static class Nested {
        class Inner {
            String deep;
        }
    }
}
