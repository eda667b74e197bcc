// Enhancements only: every page works without this file.
// The version in the address keeps a browser from using an older copy it has kept.
import { initAll } from "./govuk/govuk-frontend.min.js?v=6.3.0";

initAll();
