// While a story is written: public cases like it, folded, once the typing rests. Compared and forgotten; never in an address.
const alike = document.querySelector("[data-alike]"), writing = alike && alike.closest("form");
if (writing && !(navigator.connection && navigator.connection.saveData)) {
  let rest, asked = "", flight;
  const words = (name) => (writing.elements[name] || { value: "" }).value.trim();
  const ask = async () => {
    if (writing.elements.conduct && writing.elements.conduct.checked) { alike.textContent = ""; asked = ""; return; }
    const now = `${words("title")}\n${words("story")}\n${words("category")}`;
    if (now === asked || words("title").length + words("story").length < 20) return;
    asked = now;
    if (flight) flight.abort();
    flight = new AbortController();
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "draft", "title", "story", "category"]) body.append(name, words(name));
    try {
      const answer = await fetch(alike.dataset.alike, { method: "POST", body, signal: flight.signal });
      if (answer.status > 204 || alike.querySelector("[open]")) return;
      alike.innerHTML = answer.status === 200 ? await answer.text() : "";
    } catch { /* A help, never a hindrance. */ }
  };
  writing.addEventListener("input", () => { clearTimeout(rest); rest = setTimeout(ask, 1500); });
  ask();
}
