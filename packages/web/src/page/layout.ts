// What parts of the frame and of the pages agree on about the window.
import { createSignal } from "solid-js";

/** Whether the text that is written and how it reads stand beside each other, in the list's place. */
const [isBeside, setBeside] = createSignal(false);

/** Whether the sidebar lies over a narrow window. */
const [isSidebarOpen, setSidebarOpen] = createSignal(false);

export { isBeside, isSidebarOpen, setBeside, setSidebarOpen };
