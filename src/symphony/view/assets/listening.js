// A blind listening test: another order for each listener, ratings kept while the page is reloaded, and saved as a file.
"use strict";
(function () {
  const main = document.querySelector("main");
  const list = document.querySelector(".excerpts");
  const status = document.querySelector(".score");
  const items = Array.from(list.children);
  const memory = "symphony-listening-" + main.dataset.kit;

  // Some browsers keep nothing for a page from a file: the test works without.
  const recall = function () {
    try { return JSON.parse(window.localStorage.getItem(memory)); } catch (error) { return null; }
  };
  const shuffled = function (ids) {
    for (let i = ids.length - 1; i > 0; --i) {
      const j = Math.floor(Math.random() * (i + 1));
      [ids[i], ids[j]] = [ids[j], ids[i]];
    }
    return ids;
  };
  const state = recall() || { order: shuffled(items.map(function (li) { return li.dataset.id; })), ratings: {} };

  const rated = function () {
    return state.order.filter(function (id) { return state.ratings[id]; }).length;
  };
  const show = function () {
    status.textContent = rated() + " of " + items.length + " rated.";
    items.forEach(function (li) { li.classList.toggle("rated", Boolean(state.ratings[li.dataset.id])); });
  };
  const read = function (li) {
    const chosen = li.querySelector("input[type=radio]:checked");
    const known = li.querySelector("input[type=checkbox]").checked;
    if (chosen) state.ratings[li.dataset.id] = { rating: Number(chosen.value), known: known };
    try { window.localStorage.setItem(memory, JSON.stringify(state)); } catch (error) { /* kept on the page alone */ }
    show();
  };

  state.order.forEach(function (id, place) {
    const li = items.find(function (item) { return item.dataset.id === id; });
    li.querySelector("h2").textContent = "Excerpt " + (place + 1);
    list.append(li);
    const before = state.ratings[id];
    if (before) {
      li.querySelector("input[value=\"" + before.rating + "\"]").checked = true;
      li.querySelector("input[type=checkbox]").checked = before.known;
    }
    li.addEventListener("change", function () { read(li); });
  });

  // Only one sound at a time.
  document.addEventListener("play", function (event) {
    document.querySelectorAll("audio").forEach(function (other) {
      if (other !== event.target) other.pause();
    });
  }, true);

  document.getElementById("save").addEventListener("click", function () {
    const file = { kit: main.dataset.kit, order: state.order, ratings: state.ratings };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(file, null, 2) + "\n"], { type: "application/json" }));
    link.download = "ratings-" + main.dataset.kit + ".json";
    link.click();
    status.textContent = rated() + " of " + items.length + " rated, saved as " + link.download + ".";
  });
  show();
})();
