
"use strict";
// Browsers show the title of a run late, and not at all where there is no mouse.
const tip = document.getElementById("tip");
const texts = new WeakMap();
const hide = () => { tip.hidden = true; };
const show = (event) => {
  const run = event.target instanceof Element ? event.target.closest(".run") : null;
  if (!run) { hide(); return; }
  const title = run.querySelector("title");
  if (title) { texts.set(run, title.textContent); title.remove(); }
  tip.textContent = texts.get(run);
  tip.hidden = false;
  const gap = 14, box = tip.getBoundingClientRect();
  const left = event.clientX + gap + box.width > innerWidth ? event.clientX - gap - box.width : event.clientX + gap;
  const top = event.clientY + gap + box.height > innerHeight ? event.clientY - gap - box.height : event.clientY + gap;
  tip.style.left = Math.max(4, left) + "px";
  tip.style.top = Math.max(4, top) + "px";
};
addEventListener("pointermove", show);
addEventListener("pointerdown", show);
addEventListener("scroll", hide, { passive: true, capture: true });
addEventListener("keydown", hide);
