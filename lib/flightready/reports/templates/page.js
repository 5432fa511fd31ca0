/* Opens the contents beside the text where there is room for them, and marks the chapter that is being read. */
(() => {
  "use strict";
  const contents = document.querySelector("nav.contents > details");
  const wide = window.matchMedia("(min-width: 1200px)");
  const fit = () => { contents.open = wide.matches; };
  wide.addEventListener("change", fit);
  fit();
  contents.addEventListener("click", (event) => {
    if (event.target.closest("a") && !wide.matches) contents.open = false;
  });

  const links = new Map([...contents.querySelectorAll("a[data-chapter]")].map((a) => [a.dataset.chapter, a]));
  const chapters = [...document.querySelectorAll("section.chapter")];
  const mark = () => {
    const reading = chapters.filter((c) => c.getBoundingClientRect().top < window.innerHeight / 3).pop();
    for (const [id, link] of links) {
      if (reading && id === reading.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  document.addEventListener("scroll", mark, { passive: true });
  mark();

  /* Paper cannot be opened: everything folded is unfolded before it is printed. */
  window.addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("main details:not(.messages)")) folded.open = true;
  });
})();
