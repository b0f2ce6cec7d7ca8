// Starts the govuk-frontend components of a page.
import { initAll } from "./vendor/govuk-frontend-6.3.0.min.js";

initAll();

// Leaving quickly leaves no page of ours to come back to.
document.addEventListener("click", (event) => {
  const way = event.target.closest(".fd-leave");
  if (!way) return;
  event.preventDefault();
  location.replace(way.href);
});
