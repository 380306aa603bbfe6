// Starts the app.
import "./styles/tokens.css";
import "./styles/base.css";
import { render } from "solid-js/web";
import { Routes } from "./app/routes.tsx";

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no #app element");
render(() => <Routes />, root);
