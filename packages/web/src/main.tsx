// Starts the app.
import "./styles/tokens.css";
import "./styles/base.css";
import { render } from "solid-js/web";
import { loadParts } from "./app/lazily.ts";
import { Routes } from "./app/routes.tsx";

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no #app element");
render(() => <Routes />, root);

// Safari has no requestIdleCallback. There, the load event is late enough.
const whenIdle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 500));
window.addEventListener("load", () => whenIdle(loadParts));
