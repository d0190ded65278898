cbuffer Frame : register(b0) {
    float4x4 view : packoffset(c0);
    row_major float4x4 bones[64];
    float near, far = 100.0;
};
cbuffer Plain { uint count; }
tbuffer Table : register(t1) { float4 rows[16]; }
StructuredBuffer<Item> items : register(t2);
SamplerState linear_sampler : register(s0);

uniform float Strength < ui_type = "slider"; ui_min = 0.0; > = 0.5;
texture Noise < source = "noise.png"; > { Width = 64; };
sampler NoiseSampler { Texture = Noise; };

float4 main(float2 uv : TEXCOORD0) : SV_Target {
    return mul(view, items[0].place) * (far > near ? Strength : 1.0);
}
