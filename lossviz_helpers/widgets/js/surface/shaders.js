// The programs that run on the graphics card. Light is added up in linear colour.

const LIGHT = `
precision highp float;
uniform vec3 sun;
uniform vec3 eye;
const vec3 SUN = vec3(1.16, 1.12, 1.04);
const vec3 SKY = vec3(0.31, 0.34, 0.39);
const vec3 BOUNCE = vec3(0.13, 0.12, 0.12);
vec3 linear(vec3 c) { return pow(c, vec3(2.2)); }
vec4 shown(vec3 c) {
  c = mix(c, 0.7 + 0.3 * (1.0 - exp((0.7 - c) / 0.3)), step(0.7, c)); // a soft limit for bright colours
  return vec4(pow(clamp(c, 0.0, 1.0), vec3(1.0 / 2.2)), 1.0);
}
vec3 lit(vec3 base, vec3 n, vec3 at, float sky, float direct, float gloss) {
  vec3 away = normalize(eye - at);
  float side = max(dot(n, sun), 0.0) * direct;
  vec3 sum = SUN * side + mix(BOUNCE, SKY, 0.5 + 0.5 * n.z) * sky;
  sum += 0.16 * sky * max(dot(n, away), 0.0);
  float shine = pow(max(dot(n, normalize(sun + away)), 0.0), 38.0) * direct;
  float rim = pow(1.0 - max(dot(n, away), 0.0), 4.0) * sky;
  return 0.94 * base * sum + gloss * (shine * SUN + 0.35 * rim * SKY);
}`;

const LINES = `
uniform float lines; // how many contours, 0 for none
float contour(float t, float width) {
  float level = t * lines;
  float across = fwidth(level);
  float far = abs(fract(level - 0.5) - 0.5) / max(across, 1e-6);
  float ends = step(0.5, level) * step(level, lines - 0.5);
  return ends * (1.0 - smoothstep(width - 0.5, width + 0.5, far)) * smoothstep(0.5, 0.2, across);
}`;

const GROUND_VERTEX = `#version 300 es
uniform mat4 camera;
uniform float tall;
uniform vec2 half_widths;
uniform float foot;
in vec3 place; // x, y, height from 0 to 1
in vec3 more; // slopes, and 0 at the foot of a wall
out vec3 at;
out float t;
out vec2 slope;
out vec2 uv;
void main() {
  at = vec3(place.xy, more.z > 0.5 ? place.z * tall : -foot);
  t = place.z;
  slope = more.xy;
  uv = place.xy / half_widths * 0.5 + 0.5;
  gl_Position = camera * vec4(at, 1.0);
}`;

const TOP = `#version 300 es
${LIGHT}
${LINES}
uniform sampler2D colours, light, strip;
uniform float tall, ratio;
uniform vec2 texels; // of the light
in vec3 at;
in float t;
in vec2 slope;
in vec2 uv;
out vec4 colour;
void main() {
  vec3 base = linear(texture(colours, vec2((t * 255.0 + 0.5) / 256.0, 0.5)).rgb);
  vec3 n = normalize(vec3(-slope * tall, 1.0));
  vec2 reach = texture(light, (uv * (texels - 1.0) + 0.5) / texels).rg;
  float line = contour(t, 0.5 * ratio);
  base = mix(base, base * 0.42, 0.75 * line);
  vec3 c = lit(base, n, at, reach.r, reach.g, 0.05);
  c *= 1.0 - 0.72 * texture(strip, uv).a;
  colour = shown(c);
}`;

const WALL = `#version 300 es
${LIGHT}
${LINES}
uniform sampler2D colours;
uniform float tall, ratio, foot;
in vec3 at;
in float t;
in vec2 slope;
in vec2 uv;
out vec4 colour;
void main() {
  float level = clamp(at.z / tall, 0.0, 1.0);
  vec3 base = linear(texture(colours, vec2((level * 255.0 + 0.5) / 256.0, 0.5)).rgb);
  float grey = dot(base, vec3(0.3, 0.6, 0.1));
  base = mix(vec3(grey), base, 0.72) * 0.62;
  vec3 n = normalize(vec3(slope, 0.0));
  float deep = smoothstep(-foot, 0.35 * tall, at.z);
  base *= 1.0 - 0.42 * contour(at.z / tall, 0.35 * ratio);
  float edge = 1.0 - smoothstep(0.0, 0.018, t * tall - at.z);
  vec3 c = lit(base, n, at, mix(0.75, 1.5, deep), mix(0.5, 0.9, deep), 0.0);
  colour = shown(c * (1.0 + 0.5 * edge));
}`;

const TUBE_VERTEX = `#version 300 es
uniform mat4 camera;
in vec3 place;
in vec3 more;
out vec3 at;
out vec3 n;
void main() {
  at = place;
  n = more;
  gl_Position = camera * vec4(at, 1.0);
}`;

const TUBE = `#version 300 es
${LIGHT}
uniform vec3 paint;
uniform float alpha;
in vec3 at;
in vec3 n;
out vec4 colour;
void main() {
  vec3 c = lit(linear(paint), normalize(n), at, 1.15, 0.8, 0.28);
  colour = vec4(shown(c).rgb * alpha, alpha);
}`;

const FLOOR_VERTEX = `#version 300 es
uniform mat4 camera;
uniform vec2 half_widths;
uniform float foot;
in vec2 place;
out vec2 at;
void main() {
  at = place * (half_widths + 0.9);
  gl_Position = camera * vec4(at, -foot, 1.0);
}`;

// what the block stands on: its shadow, and hatching below it
const FLOOR = `#version 300 es
precision highp float;
uniform vec2 half_widths;
uniform vec3 sun;
uniform float dark;
uniform vec3 gap, gap_line;
in vec2 at;
out vec4 colour;
float beyond(vec2 p) {
  vec2 d = abs(p) - half_widths;
  return length(max(d, 0.0)) + min(max(d.x, d.y), 0.0);
}
void main() {
  float near = exp(-9.0 * max(beyond(at), 0.0));
  float thrown = 1.0 - smoothstep(-0.12, 0.55, beyond(at + 0.30 * normalize(sun.xy)));
  float ends = 1.0 - smoothstep(0.5, 0.88, beyond(at));
  float alpha = dark * ends * (0.5 * near + 0.42 * thrown);
  float stripe = smoothstep(0.3, 0.36, abs(fract((at.x + at.y) * 16.0) - 0.5));
  vec3 ground = mix(gap, gap_line, stripe) * 0.8; // what is seen through a gap
  colour = beyond(at) < 0.0 ? vec4(ground, 1.0) : vec4(vec3(0.02) * alpha, alpha);
}`;

export const PROGRAMS = {
  top: [GROUND_VERTEX, TOP],
  wall: [GROUND_VERTEX, WALL],
  tube: [TUBE_VERTEX, TUBE],
  floor: [FLOOR_VERTEX, FLOOR],
};
