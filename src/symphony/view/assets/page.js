// The page's few moving parts: theme switch, one player at a time, the blind test, the epochs' player.
"use strict";
(function () {
  const root = document.documentElement;
  const theme = document.getElementById("theme");
  if (theme) theme.addEventListener("click", function () {
    const dark = root.dataset.theme ? root.dataset.theme === "dark"
                                    : window.matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  // Only one sound at a time.
  document.addEventListener("play", function (event) {
    document.querySelectorAll("audio").forEach(function (other) {
      if (other !== event.target) other.pause();
    });
  }, true);

  const quiz = document.querySelector(".quiz");
  if (quiz) {
    const items = Array.from(quiz.querySelectorAll("li"));
    const score = document.querySelector(".score");
    const reveal = document.getElementById("reveal");
    const again = document.getElementById("again");
    const guessed = function () { return items.filter(function (li) { return li.dataset.guess; }); };
    const say = function () {
      score.textContent = guessed().length + " of " + items.length + " guessed" +
        (guessed().length === items.length ? ": reveal them." : ".");
    };
    items.forEach(function (li) {
      li.querySelectorAll("button").forEach(function (button) {
        button.addEventListener("click", function () {
          if (li.classList.contains("open")) return;
          li.dataset.guess = button.value;
          li.querySelectorAll("button").forEach(function (b) {
            b.setAttribute("aria-pressed", String(b === button));
          });
          say();
        });
      });
    });
    reveal.addEventListener("click", function () {
      let right = 0;
      items.forEach(function (li) {
        const good = li.dataset.guess === li.dataset.truth;
        li.classList.add("open");
        if (li.dataset.guess) { li.classList.add(good ? "right" : "wrong"); right += good ? 1 : 0; }
        li.querySelector(".truth").textContent =
          (li.dataset.guess ? (good ? "Right: " : "No: ") : "") + li.dataset.from;
        li.querySelectorAll("button").forEach(function (b) { b.disabled = true; });
      });
      const n = guessed().length;
      score.textContent = n === 0 ? "Revealed without a guess." :
        "You had " + right + " of " + n + " right; tossing a coin gives " + n / 2 + " on average.";
    });
    again.addEventListener("click", function () {
      items.forEach(function (li) {
        delete li.dataset.guess;
        li.classList.remove("open", "right", "wrong");
        li.querySelector(".truth").textContent = "";
        li.querySelectorAll("button").forEach(function (b) {
          b.disabled = false;
          b.setAttribute("aria-pressed", "false");
        });
      });
      say();
    });
  }

  // "Hear it learn": a button per sample seeks in one track and shows its roll.
  document.querySelectorAll(".learn").forEach(function (box) {
    const audio = box.querySelector("audio");
    const buttons = Array.from(box.querySelectorAll(".epochs button"));
    const rolls = Array.from(box.querySelectorAll(".rolls figure"));
    const show = function (index) {
      buttons.forEach(function (b, i) { b.setAttribute("aria-pressed", String(i === index)); });
      rolls.forEach(function (figure, i) { figure.hidden = i !== index; });
    };
    buttons.forEach(function (button, index) {
      button.addEventListener("click", function () {
        show(index);
        if (audio) { audio.currentTime = Number(button.dataset.at); audio.play(); }
      });
    });
    if (audio) audio.addEventListener("timeupdate", function () {
      let index = 0;
      buttons.forEach(function (b, i) { if (Number(b.dataset.at) <= audio.currentTime + 0.05) index = i; });
      show(index);
    });
    show(buttons.length - 1);
  });

  // What is folded is printed too.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details[data-print]").forEach(function (d) { d.open = true; });
  });
})();
