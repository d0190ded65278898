#define LIMIT 10
Texture2D color : register(t0);
struct Light {
    float3 position;
    float power;
    float half() { return power / 2; }
};
float shade(Light light, float3 normal) {
    return saturate(dot(light.position, normal));
}
float4 main(float4 p : SV_Position) : SV_Target {
    Light one;
    return shade(one, p.xyz) * color.Sample(s, p.xy);
}
