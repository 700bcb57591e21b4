// The engine against PyTorch: engine.json is written by tools/engine_numbers.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { adam, sgd } from "../engine/descent.js";
import { eigen, planeCurvatures } from "../engine/eigen.js";
import { makeObjective } from "../engine/objective.js";
import { randomDirections, randomNumbers, scanLine, scanPlane, startScan } from "../engine/plane.js";
import { combine, dot, form, norm } from "../engine/vectors.js";

const torch = JSON.parse(readFileSync(new URL("./engine.json", import.meta.url)));
const decode = (text) => {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return new Float64Array(bytes.buffer);
};
const DATA = Object.fromEntries(
  Object.entries(torch.data).map(([name, { x, y }]) => [name, [decode(x), decode(y)]]),
);
const NAMES = Object.keys(torch).filter((name) => torch[name].points);
const landscape = (name) => {
  const [hidden, output] = torch[name].P === 13 ? name.split("-") : ["", ""];
  return makeObjective({ P: torch[name].P, hidden, output }, ...DATA[torch[name].data]);
};
const vector = (list) => Float64Array.from(list);

/** Numbers agree, compared with the largest of them. */
function near(found, expected, error, what = "") {
  assert.equal(found.length, expected.length);
  const size = Math.max(...Array.from(expected, Math.abs), 1e-3);
  expected.forEach((x, i) => {
    assert.ok(Math.abs(found[i] - x) <= error * size, `${what} ${i}: ${found[i]} isn't ${x}`);
  });
}

test("the fixture has every model", () => assert.equal(NAMES.length, 7));

for (const name of NAMES) {
  const expected = torch[name];
  const L = landscape(name);

  test(`${name}: loss, gradient and eigenvalues are PyTorch's`, () => {
    assert.equal(L.N, 500);
    expected.points.forEach((point, i) => {
      const theta = vector(point);
      near([L.loss(theta)], [expected.loss[i]], 1e-12, "loss");
      near(L.gradient(theta), expected.gradient[i], 1e-12, "gradient");
      near(eigen(L.hessian(theta)).values, expected.eigenvalues[i], 1e-8, "eigenvalues");
    });
  });

  test(`${name}: predictions have the loss that PyTorch computes`, () => {
    const [x, y] = DATA[torch[name].data];
    const outputs = L.predict(vector(expected.points[1]), x);
    const loss = outputs.reduce((sum, output, n) => sum + (output - y[n]) ** 2, 0) / y.length;
    near([loss], [expected.loss[1]], 1e-12);
  });

  test(`${name}: so is every second derivative`, () => {
    near(L.hessian(vector(expected.points[1])), expected.hessian, 1e-12);
  });

  test(`${name}: walks end where PyTorch's do`, () => {
    for (const [how, { lr, momentum }] of Object.entries(torch.optimizers)) {
      const walker =
        how === "adam" ? adam(L, expected.points[0], lr) : sgd(L, expected.points[0], lr, momentum);
      for (let k = 0; k < torch.steps; k++) walker.step();
      near(walker.theta, expected.walks[how], 1e-9, how);
    }
  });

  test(`${name}: a plane has PyTorch's losses`, () => {
    const [d1, d2] = expected.plane.directions.map(vector);
    const origin = vector(expected.points[0]);
    const found = scanPlane(L, { origin, d1, d2, across: [-2, 2], up: [-1, 3] }, 5);
    near(found, expected.plane.loss, 1e-6); // float32
  });

  test(`${name}: rows of a plane are exact, also far out`, () => {
    const [d1, d2] = randomDirections(L.P, randomNumbers(1));
    const origin = vector(expected.points[1]);
    for (const reach of [1, 30, 700, 3000]) {
      const across = [-reach, 0.3 * reach, reach];
      const [row, out] = [L.rows(origin, d1, d2, across), new Float64Array(3)];
      for (const b of [-reach, 0, reach]) {
        row(b, out);
        near(out, across.map((a) => L.loss(combine(origin, [a, b], [d1, d2]))), 1e-11);
      }
    }
  });
}

const NET = landscape("tanh-sigmoid");
const THETA = vector(torch["tanh-sigmoid"].points[0]);

test("eigenvectors are perpendicular, of length 1, upright, and solve Hv = λv", () => {
  const H = NET.hessian(THETA);
  const { values, vectors } = eigen(H);
  vectors.forEach((v, i) => {
    const Hv = v.map((_, k) => dot(v, H.subarray(k * 13)));
    near(Hv, v.map((x) => values[i] * x), 1e-13);
    vectors.forEach((u, j) => assert.ok(Math.abs(dot(u, v) - (i === j ? 1 : 0)) < 1e-13));
    assert.ok(Math.max(...v) >= -Math.min(...v) - 1e-9);
  });
  assert.deepEqual(values, [...values].sort((a, b) => a - b));
});

test("eigenvalues of matrices that are known", () => {
  assert.deepEqual(eigen(Float64Array.of(2, 0, 0, -3)).values, [-3, 2]);
  near(eigen(Float64Array.of(0, 2, 2, 0)).values, [-2, 2], 1e-15);
  assert.deepEqual(eigen(new Float64Array(9)).values, [0, 0, 0]);
  near(eigen(new Float64Array(16).fill(1)).values, [0, 0, 0, 4], 1e-15);
});

test("the plane of two eigenvectors has their eigenvalues, and another lies between", () => {
  const H = NET.hessian(THETA);
  const { values, vectors } = eigen(H);
  near(planeCurvatures(H, vectors[0], vectors[12]), [values[0], values[12]], 1e-12);
  const [low, high] = planeCurvatures(H, ...randomDirections(13, randomNumbers(7)));
  assert.ok(values[0] <= low && low <= high && high <= values[12]);
});

test("along a unit direction the loss curves as vᵀHv says", () => {
  const [v] = randomDirections(13, randomNumbers(2));
  const h = 1e-3;
  const [left, middle, right] = scanLine(NET, THETA, v, [-h, 0, h]);
  const curvature = form(v, NET.hessian(THETA), v);
  assert.ok(Math.abs((left - 2 * middle + right) / h ** 2 - curvature) < 1e-5);
});

test("random directions are perpendicular, of length 1, and the same for the same seed", () => {
  const random = randomNumbers(3);
  const drawn = Array.from({ length: 2000 }, () => randomDirections(13, random));
  for (const [a, b] of drawn) {
    near([norm(a), norm(b), dot(a, b) + 1], [1, 1, 1], 1e-12);
  }
  const mean = drawn.reduce((sum, [a]) => sum + a[4] ** 2, 0) / drawn.length;
  assert.ok(Math.abs(mean - 1 / 13) < 0.01, "no axis is preferred");
  assert.deepEqual(drawn[0], randomDirections(13, randomNumbers(3)));
});

test("a scan in slices is the scan", () => {
  const [d1, d2] = randomDirections(13, randomNumbers(4));
  const plane = { origin: THETA, d1, d2, across: [-1, 1], up: [-1, 1] };
  const scan = startScan(NET, plane, 9);
  let slices = 1;
  while (!scan.go(() => scan.done % 2 === 0)) slices++;
  assert.equal(slices, 5);
  assert.deepEqual(scan.losses, scanPlane(NET, plane, 9));
});

test("what isn't one of the models is refused", () => {
  const none = new Float64Array(2);
  assert.throws(() => makeObjective({ P: 5 }, none, none.subarray(1)), /5 parameters/);
  assert.throws(() => makeObjective({ P: 2 }, none, none), /2 inputs for 2 targets/);
  const net = { P: 13, hidden: "gelu", output: "linear" };
  assert.throws(() => makeObjective(net, none, none.subarray(1)), /gelu/);
});
