"use strict";
/* Search, the resources of a token, copying. The page reads without it. What it says stands in data- attributes, whose
   words are those of page.json. */
(() => {
  const $ = (id) => document.getElementById(id);
  const language = document.documentElement.lang;

  function copyButtons() {
    const { copy, copied } = $("main").dataset;
    for (const pre of document.querySelectorAll("main pre")) {
      const box = document.createElement("div"), button = document.createElement("button");
      box.className = "pre";
      button.type = "button";
      button.textContent = copy;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(pre.textContent);
        button.textContent = copied;
        setTimeout(() => { button.textContent = copy; }, 1500);
      });
      pre.replaceWith(box);
      box.append(pre, button);
    }
  }

  /* What is searched: operations, structures, rows of the status table, sections without either. */
  let parts = [];
  function collect() {
    parts = [...document.querySelectorAll("main article, main .status tbody tr, main section")].filter((e) => !e.querySelector("article, .status"))
      .map((element) => ({ element, text: element.textContent.toLowerCase(), link: document.querySelector(`nav a[href="#${CSS.escape(element.id)}"]`) }));
  }

  function search() {
    const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const part of parts) {
      const hit = words.every((word) => part.text.includes(word));
      found += hit;
      part.element.classList.toggle("gone", !hit);
      if (part.link) part.link.parentElement.classList.toggle("gone", !hit);
    }
    for (const section of document.querySelectorAll("main > section"))
      if (section.querySelector("article, .status"))
      {
        const none = words.length > 0 && !section.querySelector("article:not(.gone), .status tbody tr:not(.gone)");
        const link = document.querySelector(`nav li a[href="#${section.id}"]`);
        section.classList.toggle("gone", none);
        if (link) link.parentElement.classList.toggle("gone", none);
      }
    for (const title of document.querySelectorAll("nav .chapter"))
      title.classList.toggle("gone", words.length > 0 && !title.nextElementSibling.querySelector("li:not(.gone)"));
    const { none, found: some } = $("found").dataset;
    $("found").textContent = words.length === 0 ? "" : found === 0 ? none : some.replace("{n}", found);
  }

  /* The token stays in this function: neither stored nor in an address. */
  async function showResources(event) {
    event.preventDefault();
    const token = $("token").value.trim(), state = $("token-state");
    if (token === "") return;
    state.textContent = "…";
    try {
      const reply = await fetch(location.pathname + "?lang=" + language.slice(0, 2),
        { headers: { Authorization: "Bearer " + token, "Accept-Language": language }, credentials: "omit", cache: "no-store" });
      if (!reply.ok) {
        const failure = await reply.json();
        state.textContent = `${failure.statusCode} ${failure.message}`;
        return;
      }
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      $("main").replaceWith(page.getElementById("main"));
      const lists = [...document.querySelectorAll("nav > :not(.search)")];
      lists[0].before(...page.querySelectorAll("nav > :not(.search)"));
      lists.forEach((list) => list.remove());
      $("token").value = "";
      const count = document.querySelectorAll("#chapter-resources article").length;
      state.textContent = state.dataset.open.replace("{n}", count);
      start();
      if (count > 0) $("chapter-resources").scrollIntoView();
    } catch (error) {
      state.textContent = state.dataset.unreachable;
    }
  }

  /* In the contents alone: the page itself must not move. */
  function keepInSight(link) {
    const nav = document.querySelector("nav"), frame = nav.getBoundingClientRect(), box = link.getBoundingClientRect();
    if (box.top < frame.top + 80) nav.scrollTop += box.top - frame.top - 80;
    else if (box.bottom > frame.bottom - 40) nav.scrollTop += box.bottom - frame.bottom + 40;
  }

  let watcher;
  function follow() {
    if (watcher) watcher.disconnect();
    watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        const link = document.querySelector(`nav a[href="#${CSS.escape(entry.target.id)}"]`);
        if (!link || !entry.isIntersecting) continue;
        document.querySelectorAll("nav a.now").forEach((other) => other.classList.remove("now"));
        link.classList.add("now");
        keepInSight(link);
      }
    }, { rootMargin: "0px 0px -80% 0px" });
    document.querySelectorAll("main article[id], main section[id]").forEach((element) => watcher.observe(element));
  }

  function start() {
    copyButtons();
    collect();
    follow();
    search();
  }

  document.querySelectorAll(".script").forEach((element) => { element.hidden = false; });
  $("search").addEventListener("input", search);
  $("token-form").addEventListener("submit", showResources);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|TEXTAREA/.test(document.activeElement.tagName)) {
      event.preventDefault();
      $("search").focus();
    }
    if (event.key === "Escape" && document.activeElement === $("search")) {
      $("search").value = "";
      search();
    }
  });
  start();
})();
