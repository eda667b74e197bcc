// Enhancements only: every page works without this file.
// The version in the address keeps a browser from using an older copy it has kept.
import { initAll } from "./govuk/govuk-frontend.min.js?v=6.3.0";

// A browser that runs modules is one the Design System supports; its styles look for these names.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
