// The site's front page: the landscape of a network with 13 parameters, computed as you watch.
//
// A click drops a walker that descends, and dragging moves the plane through other dimensions.

import { connectInput } from "./front/input.js";
import { Live } from "./front/live.js";

const root = document.getElementById("live-landscape");
const sent = document.getElementById("live-landscape-data");
if (root && sent) {
  const live = new Live(root, JSON.parse(sent.textContent ?? ""));
  connectInput(live);
  new ResizeObserver(() => live.layOut()).observe(root);
  live.layOut();
}
