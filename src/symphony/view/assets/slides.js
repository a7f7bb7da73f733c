// Arrow keys, space and page keys turn the slides.
"use strict";
(function () {
  const slides = Array.from(document.querySelectorAll(".slide"));
  const here = function () {
    return Math.round(window.scrollY / Math.max(1, window.innerHeight));
  };
  document.addEventListener("keydown", function (event) {
    if (event.target.closest("audio, button, a, input")) return;
    const forward = ["ArrowRight", "ArrowDown", "PageDown", " "], back = ["ArrowLeft", "ArrowUp", "PageUp"];
    let to = -1;
    if (forward.includes(event.key)) to = here() + 1;
    else if (back.includes(event.key)) to = here() - 1;
    else if (event.key === "Home") to = 0;
    else if (event.key === "End") to = slides.length - 1;
    if (to < 0 || to >= slides.length) return;
    event.preventDefault();
    slides[to].scrollIntoView();
  });
  document.addEventListener("play", function (event) {
    document.querySelectorAll("audio").forEach(function (other) {
      if (other !== event.target) other.pause();
    });
  }, true);
})();
