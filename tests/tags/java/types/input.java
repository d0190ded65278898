package com.example.types;

interface Shape extends Comparable<Shape>, Drawable {
    double PI = 3.14, E = 2.71;
    double area();
    default String name() { return getClass().getSimpleName(); }
    static Shape unit() { return new Circle(1); }
}

sealed interface Expr permits Num, Sum {}

public enum Planet implements Body {
    MERCURY(3.3e23), VENUS(4.9e24) {
        @Override
        double gravity() { return compute(this); }
    },
    EARTH;

    private final double mass;

    Planet(double mass) { this.mass = mass; }

    double gravity() { return 0; }
}

record Range<T extends Bound>(T low, List<T> high) implements Serializable {
    static int made;

    Range {
        check(low);
    }

    T first() { return low; }
}

@interface Marker {
    int value() default 1;
    String[] names() default {};
    Class<? extends Handler> handler();
    int CONSTANT = 1;
}

class Uses {
    void statements(Object value, Map<? super Key, int[]> map) {
        for (Item item : items) {}
        try (Resource resource = open(); Other other = Other.make()) {
        } catch (FirstException | SecondException e) {
        }
        if (value instanceof Text text && value instanceof List<?>) {}
        Element[] array = new Element[3];
        Outer.Inner inner = outer.new Inner();
        Supplier<Made> supplier = Made::new;
        int[] primitive = (int[]) value;
        switch (value) {
            case CONSTANT -> run();
            default -> throw new AssertionError(Messages.format("x"));
        }
    }
}

record Row(int id, String... cells) {}
