#version 330
#define LIMIT 10
#define TWICE(x) ((x) * 2)
uniform vec3 color;
in vec2 places[4];
struct Light {
    vec3 position;
    float power;
};
float scale(float x);
float shade(Light light, vec3 normal) {
    return clamp(dot(light.position, normal), 0.0, scale(1.0));
}
void main() {
    Light one;
    float sum = shade(one, color) * TWICE(1.0);
}
