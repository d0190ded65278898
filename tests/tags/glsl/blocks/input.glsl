#version 450
layout(std140, binding = 0) uniform Camera { mat4 view; vec4 planes[6]; };
layout(std430, binding = 1) readonly buffer Items { Item items[]; } store;
in Vertex { vec2 uv; } arrived[];
uniform sampler2D color, depth;
layout(location = 0) out vec4 shown;
void main() {
    shown = texture(color, arrived[0].uv) * planes[0];
}
