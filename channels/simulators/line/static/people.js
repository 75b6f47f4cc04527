// The list of phones: search as you type, and add a person.
"use strict";

const search = document.getElementById("search");
search.addEventListener("input", () => {
  for (const row of document.querySelectorAll("#people li[data-name]"))
    row.hidden = !row.dataset.name.includes(search.value.trim());
});

document.getElementById("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const refused = document.getElementById("refused");
  try {
    const answer = await fetch("/phone/people", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(Object.fromEntries(new FormData(event.target))),
    });
    const person = await answer.json();
    if (answer.ok) location.href = `/phone/${person.id}`;
    else refused.textContent = `追加できませんでした(${person.message})`;
  } catch {
    refused.textContent = "シミュレーターにつながりません。動いているか確かめてください。";
  }
});
