// Starts the app.
import { render } from "solid-js/web";
import { App, loadPages } from "./app/routes.tsx";
import "./styles/tokens.css";
import "./styles/base.css";
import "./app/shell.css";
import "./ui/form.css";
import "./notes/notes.css";
import "./notes/markdown/prose.css";
import "./styles/print.css";

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no element #app");
render(() => <App />, root);

// Safari has no requestIdleCallback: there the load event is late enough.
const whenIdle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 500));
window.addEventListener("load", () => whenIdle(loadPages));
