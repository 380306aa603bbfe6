// Whether the sidebar lies over a narrow window.
import { createSignal } from "solid-js";

const [isSidebarOpen, setSidebarOpen] = createSignal(false);

export { isSidebarOpen, setSidebarOpen };
